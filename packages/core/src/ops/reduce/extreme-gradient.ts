// The gradient of max and min: to the first extreme element of one axis; over several axes shared
// evenly by the equal ones.

import { positionsAlong } from "../../engine/fill.js";
import type { Vjp } from "../../op/primitive.js";
import { type ReduceAttrs, restoreAxes } from "../../op/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";

/**
 * The derivative rule; `position` is argmax for max and argmin for min.
 *
 * @internal
 */
export function extremeGradient(
  position: (x: Tensor, axis: number, options: { keepdims: true }) => Tensor,
): Vjp<ReduceAttrs> {
  return (grad, saved) => {
    const { x, output, attrs } = saved;
    const spec = saved.spec(0);
    const upstream = restoreAxes(grad, spec, attrs.axes);
    const [axis] = attrs.axes;
    if (attrs.axes.length === 1 && axis !== undefined && !attrs.all) {
      const winner = position(x, axis, { keepdims: true });
      const places = positionsAlong(x.storage.device, spec.shape, axis);
      return where(places.equal(winner), upstream, 0);
    }
    const extreme = restoreAxes(output, spec, attrs.axes);
    const winners = x.equal(extreme).logicalOr(x.isNaN().logicalAnd(extreme.isNaN()));
    const count = winners.astype(grad.dtype).sum(attrs.axes, { keepdims: true });
    return where(winners, upstream.div(count), 0);
  };
}
