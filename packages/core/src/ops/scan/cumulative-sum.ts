import type { DType } from "@chainrule/kernel";
import { defineScan, type ScanOp } from "../../op/scan.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type TotalOf, totalDType } from "../reduce/sum.js";
import { type CumulativeOptions, withInitial } from "./initial.js";

const sums: ScanOp = defineScan({
  name: "cumulativeSum",
  reduce: "sum",
  dtype: totalDType,
  saves: "nothing",
  // An element is part of every sum from its own place on.
  vjp: (grad, { attrs: { axis } }) => sums(grad.flip(axis), axis).flip(axis),
});

/**
 * The sums of the elements up to each place along `axis`: `out[i] = x[0] + … + x[i]`.
 *
 * Shapes: any with an axis → same. `axis` may be left out where there is one. dtype: floats keep
 * theirs, bool and ints give int32. Throws: AxisError.
 *
 * @example
 * cumulativeSum(tensor([1, 2, 3])) // => [1, 3, 6]
 * cumulativeSum(tensor([1, 2, 3]), 0, { includeInitial: true }) // => [0, 1, 3, 6]
 *
 * @method
 */
export function cumulativeSum<D extends DType>(
  x: Tensor<D>,
  axis?: number,
  options?: CumulativeOptions,
): Tensor<TotalOf<D>> {
  return withInitial("cumulativeSum", sums(x, axis), axis, 0, options) as Tensor<TotalOf<D>>;
}
