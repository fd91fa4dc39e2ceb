import type { DType } from "@chainrule/kernel";
import { defineScan, type ScanOp } from "../../op/scan.js";
import type { Tensor } from "../../tensor/tensor.js";
import { gradientToHolders } from "./cumulative-max.js";

const minima: ScanOp = defineScan({
  name: "cumulativeMin",
  reduce: "min",
  dtype: (dtype) => dtype,
  saves: "both",
  vjp: gradientToHolders,
});

/**
 * The smallest element up to each place along `axis`; from the first NaN on it is NaN.
 *
 * The gradient of each place goes to the element that is its minimum, of equal ones to the last, as in
 * PyTorch.
 * Shapes: any with an axis → same. `axis` may be left out where there is one. Throws: AxisError.
 *
 * @example
 * cumulativeMin(tensor([4, 2, 3, 1])) // => [4, 2, 2, 1]
 */
export function cumulativeMin<D extends DType>(x: Tensor<D>, axis?: number): Tensor<D> {
  return minima(x, axis) as Tensor<D>;
}
