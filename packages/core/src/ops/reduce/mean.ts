import type { DType } from "@chainrule/kernel";
import type { ReduceOptions } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { div } from "../elementwise/div.js";
import { ensureFloatOperand } from "./float-operand.js";
import { sum } from "./sum.js";

/**
 * The arithmetic mean over `axis` (one, several, or all axes when left out); NaN of nothing.
 *
 * Throws: DTypeError for ints and bool, whose mean would not be one.
 *
 * @example
 * mean(tensor([[1, 2], [3, 4]]), 1) // => [1.5, 3.5]
 *
 * @method
 */
export function mean<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<D> {
  ensureFloatOperand("mean", "the mean", x);
  const total = sum(x, axis, options);
  return div(total, x.size / total.size) as Tensor as Tensor<D>;
}
