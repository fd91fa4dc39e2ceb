import type { DType } from "@chainrule/kernel";
import { type ReduceOptions, reducedShape } from "../../op/reduction.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { exp } from "../elementwise/exp.js";
// biome-ignore lint/suspicious/noShadowRestrictedNames: the array API's name.
import { isFinite } from "../elementwise/is-finite.js";
import { log } from "../elementwise/log.js";
import { sub } from "../elementwise/sub.js";
import { where } from "../elementwise/where.js";
import { reshape } from "../view/reshape.js";
import { ensureFloatOperand } from "./float-operand.js";
import { max } from "./max.js";
import { sum } from "./sum.js";

/**
 * `ln Σ eˣ` over `axis` (one, several, or all axes when left out), without overflow; -Infinity of
 * nothing.
 *
 * The gradient is {@link softmax}; NaN, as in PyTorch, for elements that are Infinity and where all
 * are -Infinity. Throws: DTypeError for ints and bool.
 *
 * @example
 * logSumExp(tensor([[0, 0], [1000, 1000]]), 1) // => [0.6931472, 1000.6931472]
 *
 * @method
 */
export function logSumExp<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<D> {
  ensureFloatOperand("logSumExp", "the logarithm of a sum", x);
  const axes = resolveAxes("logSumExp", axis, x.shape);
  if (axes.some((each) => x.shape[each] === 0)) {
    return log(sum(x, axes, options)) as Tensor as Tensor<D>;
  }
  // A constant to the gradient: it cancels.
  const largest = max(x.detach(), axes, { keepdims: true });
  const shift = where(isFinite(largest), largest, 0);
  const total: Tensor = log(sum(exp(sub(x, shift)), axes, { keepdims: true })).add(shift);
  const shape = reducedShape(x.shape, axes, options?.keepdims ?? false);
  return reshape(total, shape) as Tensor as Tensor<D>;
}
