import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { formatShape, ShapeError } from "../../errors.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { moveaxis } from "../view/moveaxis.js";
import { einsum } from "./einsum.js";
import { productOperands } from "./product-operands.js";
import { sharedAxis } from "./shared-axis.js";

/** Along which axis vectors lie. */
export interface VectorOptions {
  /** Of the shape that both operands broadcast to; default -1. */
  readonly axis?: number | undefined;
}

/**
 * The dot products of the vectors along `axis`: `Σᵢ aᵢ bᵢ`.
 *
 * Shapes: the other axes broadcast, `axis` disappears. dtype: promoted; ints wrap.
 * Throws: AxisError unless both have the axis; ShapeError when its extents differ or other axes do
 * not broadcast; DTypeError for bool.
 *
 * @example
 * vecdot(tensor([[1, 2], [3, 4]]), tensor([1, 10])) // => [21, 43]
 *
 * @apart
 */
export function vecdot<A extends DType, B extends DType>(
  a: Tensor<A>,
  b: Tensor<B>,
  { axis = -1 }: VectorOptions = {},
): Tensor<Promote<A, B>> {
  const [x, y] = productOperands("vecdot", [a, b]) as [Tensor, Tensor];
  const along = sharedAxis("vecdot", axis, x.shape, y.shape);
  if (x.shape.at(along) !== y.shape.at(along)) {
    throw new ShapeError("vecdot", "vectors must be of one length", {
      expected: `equal extents at axis ${along}`,
      got: `a ${formatShape(x.shape)} and b ${formatShape(y.shape)}`,
    });
  }
  broadcastShapes("vecdot", [x.shape, y.shape]);
  const [left, right] = along === -1 ? [x, y] : [moveaxis(x, along, -1), moveaxis(y, along, -1)];
  return einsum("...i,...i->...", left, right) as Tensor as Tensor<Promote<A, B>>;
}
