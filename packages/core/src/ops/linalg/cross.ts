import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { formatShape, ShapeError } from "../../errors.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { concat } from "../join/concat.js";
import { sliceAxis } from "../view/slice.js";
import { productOperands } from "./product-operands.js";
import { sharedAxis } from "./shared-axis.js";
import type { VectorOptions } from "./vecdot.js";

/**
 * The cross products of the vectors of three elements along `axis`:
 * `[a₁b₂ - a₂b₁, a₂b₀ - a₀b₂, a₀b₁ - a₁b₀]`.
 *
 * Shapes: broadcast, extent 3 at `axis` on both sides. dtype: promoted; ints wrap.
 * Throws: AxisError unless both have the axis; ShapeError for another extent there or shapes that do
 * not broadcast; DTypeError for bool.
 *
 * @example
 * cross(tensor([1, 0, 0]), tensor([[0, 1, 0], [0, 0, 1]])) // => [[0, 0, 1], [0, -1, 0]]
 *
 * @apart
 */
export function cross<A extends DType, B extends DType>(
  a: Tensor<A>,
  b: Tensor<B>,
  { axis = -1 }: VectorOptions = {},
): Tensor<Promote<A, B>> {
  const [x, y] = productOperands("cross", [a, b]) as [Tensor, Tensor];
  const along = sharedAxis("cross", axis, x.shape, y.shape);
  if (x.shape.at(along) !== 3 || y.shape.at(along) !== 3) {
    throw new ShapeError("cross", "vectors must have three elements", {
      expected: `extent 3 at axis ${along} on both sides`,
      got: `a ${formatShape(x.shape)} and b ${formatShape(y.shape)}`,
    });
  }
  broadcastShapes("cross", [x.shape, y.shape]);
  const [p, q] = [rotations(x, along), rotations(y, along)];
  return p.once.mul(q.twice).sub(p.twice.mul(q.once)) as Tensor as Tensor<Promote<A, B>>;
}

/** [x₁, x₂, x₀] and [x₂, x₀, x₁], as views of x written twice. */
function rotations(x: Tensor, fromEnd: number): { once: Tensor; twice: Tensor } {
  const along = x.ndim + fromEnd;
  const doubled = concat([x, x], along);
  const from = (start: number): Tensor => sliceAxis(doubled, along, start, 3);
  return { once: from(1), twice: from(2) };
}
