import { defineReduction, type ReduceOptions, type ReductionOp } from "../../op/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";

const argminAxes: ReductionOp = defineReduction({
  name: "argmin",
  reduce: "argmin",
  dtype: () => "int32",
  convert: (x) => x,
  emptyHasResult: false,
  vjp: { nonDifferentiable: "its results are positions" },
});

/**
 * The position of the first smallest element along `axis`, or in row-major order when left out; NaN
 * counts as smallest.
 *
 * dtype: int32. Throws: ShapeError for an empty axis.
 *
 * @example
 * argmin(tensor([[1, 5], [7, 3]]), 1) // => [0, 1]
 *
 * @method
 */
export function argmin(x: Tensor, axis?: number, options?: ReduceOptions): Tensor<"int32"> {
  return argminAxes(x, axis, options) as Tensor<"int32">;
}
