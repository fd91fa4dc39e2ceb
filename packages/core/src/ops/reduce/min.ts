import { cast, type DType } from "@chainrule/kernel";
import { defineReduction, type ReduceOptions, type ReductionOp } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { argmin } from "./argmin.js";
import { extremeGradient } from "./extreme-gradient.js";

const minAxes: ReductionOp = defineReduction({
  name: "min",
  reduce: "min",
  dtype: (dtype) => dtype,
  convert: cast,
  emptyHasResult: false,
  saves: "both",
  vjp: extremeGradient(argmin),
});

/**
 * The smallest element over `axis` (one, several, or all axes when left out); NaN wins.
 *
 * The gradient goes to the first smallest element of a single axis; over several or all axes it is
 * shared evenly by equal ones, as in PyTorch. Throws: ShapeError for an empty axis.
 *
 * @example
 * min(tensor([[1, 2], [3, 4]]), 0) // => [1, 2]
 *
 * @method
 */
export function min<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<D> {
  return minAxes(x, axis, options) as Tensor<D>;
}

/**
 * {@link min} over axes that are known to be in order and to exist; equal elements share the
 * gradient evenly, along a single axis too.
 *
 * @internal
 */
export function sharedMin(x: Tensor, axes: readonly number[], keepdims: boolean): Tensor {
  return minAxes.over(x, axes, keepdims, true);
}
