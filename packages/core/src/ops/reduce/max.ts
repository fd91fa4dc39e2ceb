import { cast, type DType } from "@chainrule/kernel";
import { defineReduction, type ReduceOptions, type ReductionOp } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { argmax } from "./argmax.js";
import { extremeGradient } from "./extreme-gradient.js";

const maxAxes: ReductionOp = defineReduction({
  name: "max",
  reduce: "max",
  dtype: (dtype) => dtype,
  convert: cast,
  emptyHasResult: false,
  saves: "both",
  vjp: extremeGradient(argmax),
});

/**
 * The largest element over `axis` (one, several, or all axes when left out); NaN wins.
 *
 * The gradient goes to the first largest element of a single axis; over several or all axes it is
 * shared evenly by equal ones, as in PyTorch. Throws: ShapeError for an empty axis.
 *
 * @example
 * max(tensor([[1, 2], [3, 4]]), 0) // => [3, 4]
 *
 * @method
 */
export function max<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<D> {
  return maxAxes(x, axis, options) as Tensor<D>;
}

/**
 * {@link max} over axes that are known to be in order and to exist; equal elements share the
 * gradient evenly, along a single axis too.
 *
 * @internal
 */
export function sharedMax(x: Tensor, axes: readonly number[], keepdims: boolean): Tensor {
  return maxAxes.over(x, axes, keepdims, true);
}
