import type { DType } from "@chainrule/kernel";
import { filled, positionsAlong } from "../../engine/fill.js";
import type { Vjp } from "../../op/primitive.js";
import { defineScan, type ScanAttrs, type ScanOp } from "../../op/scan.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";

/**
 * Each gradient of a running extreme goes to the element that holds it: of equal ones, and of NaN, the
 * last one so far.
 *
 * @internal
 */
export const gradientToHolders: Vjp<ScanAttrs> = (grad, { x, output, attrs: { axis } }) => {
  const { device } = x.storage;
  const places = positionsAlong(device, x.shape, axis);
  const holds = x.equal(output).logicalOr(x.isNaN());
  const holders = maxima(where(holds, places, 0), axis);
  return filled(device, 0, grad.dtype, x.shape).scatterAdd(holders, grad, axis);
};

const maxima: ScanOp = defineScan({
  name: "cumulativeMax",
  reduce: "max",
  dtype: (dtype) => dtype,
  saves: "both",
  vjp: gradientToHolders,
});

/**
 * The largest element up to each place along `axis`; from the first NaN on it is NaN.
 *
 * The gradient of each place goes to the element that is its maximum, of equal ones to the last, as in
 * PyTorch.
 * Shapes: any with an axis → same. `axis` may be left out where there is one. Throws: AxisError.
 *
 * @example
 * cumulativeMax(tensor([1, 3, 2, 5])) // => [1, 3, 3, 5]
 */
export function cumulativeMax<D extends DType>(x: Tensor<D>, axis?: number): Tensor<D> {
  return maxima(x, axis) as Tensor<D>;
}
