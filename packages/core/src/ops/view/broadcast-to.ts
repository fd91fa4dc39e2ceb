import type { DType, Layout } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import type { Attrs } from "../../op/primitive.js";
import { defineView, type ViewOp } from "../../op/view.js";
import { broadcastLayout, broadcastShapes } from "../../shape/broadcast.js";
import { ensureShapeList } from "../../shape/list.js";
import type { Tensor } from "../../tensor/tensor.js";

interface BroadcastAttrs extends Attrs {
  readonly shape: readonly number[];
}

const broadcastView: ViewOp<BroadcastAttrs> = defineView<BroadcastAttrs>({
  name: "broadcastTo",
  view: (source, { shape }) => ({ layout: broadcastLayout(source, shape), offset: 0 }),
  // The engine sums it over the stretched axes.
  vjp: (grad) => grad,
  batch: ([x], _batched, { shape }) => {
    const own = (x as Tensor).shape;
    const missing = new Array<number>(shape.length + 1 - own.length).fill(1);
    const aligned = (x as Tensor).reshape([own[0] ?? 1, ...missing, ...own.slice(1)]);
    return broadcastTo(aligned, [own[0] ?? 1, ...shape]);
  },
});

/**
 * `x` repeated along missing axes and axes of extent 1 until it has `shape`. A view with stride 0.
 *
 * Throws: ShapeError when `x` does not broadcast to `shape`.
 *
 * @example
 * broadcastTo(tensor([1, 2]), [2, 2]) // => [[1, 2], [1, 2]]
 *
 * @method
 */
export function broadcastTo<D extends DType>(x: Tensor<D>, shape: readonly number[]): Tensor<D> {
  ensureTensor("broadcastTo", x);
  ensureShapeList("broadcastTo", shape);
  const result = broadcastShapes("broadcastTo", [x.shape, shape]);
  const valid = shape.every((n) => Number.isInteger(n) && n >= 0);
  if (!valid || result.length !== shape.length || result.some((n, axis) => n !== shape[axis])) {
    throw new ShapeError("broadcastTo", "the tensor must broadcast to the shape", {
      expected: `extents equal to those of ${formatShape(shape)}, or 1`,
      got: formatShape(x.shape),
    });
  }
  return broadcastView(x, { key: shape.join(), shape }) as Tensor<D>;
}

/**
 * {@link broadcastTo} to the shape of a layout, known to fit; its id spares a key of the shape.
 *
 * @internal
 */
export function stretchTo<D extends DType>(x: Tensor<D>, { id, shape }: Layout): Tensor<D> {
  return broadcastView(x, { key: id, shape }) as Tensor<D>;
}
