import { cast, type DType } from "@chainrule/kernel";
import {
  defineReduction,
  type ReduceOptions,
  type ReductionOp,
  restoreAxes,
} from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { productOfOthers } from "./product-of-others.js";
import { type TotalOf, totalDType } from "./sum.js";

const prodAxes: ReductionOp = defineReduction({
  name: "prod",
  reduce: "prod",
  dtype: totalDType,
  convert: cast,
  emptyHasResult: true,
  saves: "inputs",
  vjp: (grad, saved) =>
    restoreAxes(grad, saved.spec(0), saved.attrs.axes).mul(
      productOfOthers(saved.x, saved.attrs.axes),
    ),
});

/**
 * The product over `axis` (one, several, or all axes when left out); 1 of nothing.
 *
 * The gradient of an element is the product of the others, right also where elements are 0.
 * dtype: floats keep theirs, bool and ints give int32.
 *
 * @example
 * prod(tensor([[1, 2], [3, 4]]), 1) // => [2, 12]
 *
 * @method
 */
export function prod<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<TotalOf<D>> {
  return prodAxes(x, axis, options) as Tensor<TotalOf<D>>;
}
