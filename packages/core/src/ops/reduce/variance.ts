import { type DType, sizeOf } from "@chainrule/kernel";
import { formatValue, ValueError } from "../../errors.js";
import type { ReduceOptions } from "../../op/reduction.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { div } from "../elementwise/div.js";
import { square } from "../elementwise/square.js";
import { sub } from "../elementwise/sub.js";
import { ensureFloatOperand } from "./float-operand.js";
import { mean } from "./mean.js";
import { sum } from "./sum.js";

/** Options of {@link variance} and {@link std}. */
export interface VarianceOptions extends ReduceOptions {
  /** What is subtracted from the number of elements before dividing by it; default 0, 1 for samples. */
  readonly correction?: number | undefined;
}

/**
 * The variance over `axis` (one, several, or all axes when left out):
 * `Σ (x - mean)² / (n - correction)`; NaN of nothing.
 *
 * Where `correction` leaves nothing to divide by, the result is Infinity, or NaN if all elements are
 * equal, as in PyTorch; the gradient is infinite or NaN there.
 * Throws: DTypeError for ints and bool; ValueError for a correction that is not a finite number.
 *
 * @example
 * variance(tensor([[1, 2], [3, 6]]), 1) // => [0.25, 2.25]
 * variance(tensor([1, 2, 3]), 0, { correction: 1 }) // => 1
 *
 * @method
 */
export function variance<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: VarianceOptions,
): Tensor<D> {
  return varianceOf("variance", x, axis, options) as Tensor<D>;
}

/**
 * {@link variance} in the name of `op`.
 *
 * @internal
 */
export function varianceOf(
  op: string,
  x: Tensor,
  axis: Axis | undefined,
  { correction = 0, keepdims = false }: VarianceOptions = {},
): Tensor {
  ensureFloatOperand(op, `the ${op === "std" ? "standard deviation" : op}`, x);
  if (!Number.isFinite(correction)) {
    throw new ValueError(op, "correction must be a number", {
      expected: "a finite number, such as 0 or 1",
      got: formatValue(correction),
    });
  }
  const axes = resolveAxes(op, axis, x.shape);
  const count = sizeOf(axes.map((each) => x.shape[each] ?? 1));
  // The mean first: Σx² - (Σx)²/n loses all digits where the mean is large.
  const distances = sub(x, mean(x, axes, { keepdims: true }));
  return div(sum(square(distances), axes, { keepdims }), Math.max(0, count - correction));
}
