import { defineReduction, type ReduceOptions, type ReductionOp } from "../../op/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * {@link argmax} over several axes: the row-major position among them.
 *
 * @internal
 */
export const argmaxAxes: ReductionOp = defineReduction({
  name: "argmax",
  reduce: "argmax",
  dtype: () => "int32",
  convert: (x) => x,
  emptyHasResult: false,
  vjp: { nonDifferentiable: "its results are positions" },
});

/**
 * The position of the first largest element along `axis`, or in row-major order when left out; NaN
 * counts as largest.
 *
 * dtype: int32. Throws: ShapeError for an empty axis.
 *
 * @example
 * argmax(tensor([[1, 5], [7, 3]]), 1) // => [1, 0]
 *
 * @method
 */
export function argmax(x: Tensor, axis?: number, options?: ReduceOptions): Tensor<"int32"> {
  return argmaxAxes(x, axis, options) as Tensor<"int32">;
}
