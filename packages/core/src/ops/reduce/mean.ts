import { type DType, isFloat } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { DTypeError } from "../../errors.js";
import type { ReduceOptions } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { div } from "../elementwise/div.js";
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
  ensureTensor("mean", x);
  if (!isFloat(x.dtype)) {
    throw new DTypeError("mean", "the mean of whole numbers is not whole", {
      expected: "a float tensor",
      got: x.dtype,
      fix: 'Convert first: x.astype("float32").mean().',
    });
  }
  const total = sum(x, axis, options);
  return div(total, x.size / total.size) as Tensor as Tensor<D>;
}
