import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { filled, positionsAlong } from "../../engine/fill.js";
import { formatShape, ShapeError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import { broadcastShapes, sameShape } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { add } from "../elementwise/add.js";
import { astype } from "../elementwise/astype.js";
import { greaterEqual } from "../elementwise/greater-equal.js";
import { notEqual } from "../elementwise/not-equal.js";
import { where } from "../elementwise/where.js";
import { pad } from "../join/pad.js";
import { rank } from "../sort/rank.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { gather } from "./gather.js";
import { ensureIndicesAlong } from "./indices.js";
import { placeOf } from "./place.js";
import { scatterAdd } from "./scatter-add.js";

/**
 * `x` with each of `values` put in the place that its index names along `axis`; negative indices
 * count from the end.
 *
 * Of several values for one place the last along the axis stays; an index outside is skipped.
 * Shapes: `indices` has as many axes as `x`, on all but `axis` the same extents or 1; `values`
 * broadcasts to it. dtype: that of `x`. Throws: AxisError; ShapeError; DTypeError for indices that
 * are not int32 or uint8.
 *
 * @example
 * putAlongAxis(zeros([3]), tensor([0, -1, 0], { dtype: "int32" }), tensor([1, 2, 3])) // => [3, 0, 2]
 */
export function putAlongAxis<D extends DType>(
  x: Tensor<D>,
  indices: Tensor,
  values: Tensor,
  axis = -1,
): Tensor<D> {
  ensureIndicesAlong("putAlongAxis", x, indices);
  ensureTensor("putAlongAxis", values);
  const along = resolveAxis("putAlongAxis", axis, x.shape);
  const count = indices.shape[along] ?? 0;
  const wide = x.shape.with(along, count);
  ensureStretches("indices", indices.shape, wide);
  ensureStretches("values", values.shape, wide);
  const places = broadcastTo(placeOf(indices, x.shape[along] ?? 0), wide);
  const written = broadcastTo(astype(values, x.dtype), wide);
  const numbers = add(positionsAlong(x.storage.device, wide, along), 1);
  // For each place of x, which of the values is put there; -1 where none is.
  const none = filled(x.storage.device, -1, "int32", x.shape);
  const winners = where(isLast(places, along), numbers, 0);
  const source = scatterAdd(none, places, winners, along);
  const put = gather(written, source, along);
  return where(greaterEqual(source, 0), put, x) as Tensor as Tensor<D>;
}

/** Whether each of `places` is the last along `axis` to name its place. */
function isLast(places: Tensor, axis: number): Tensor {
  // Equal ones keep their order when sorted, so each is followed by the next that is equal.
  const ranks = rank(places, axis, false);
  const unsorted = filled(places.storage.device, 0, "int32", places.shape);
  const sorted = scatterAdd(unsorted, ranks, places, axis);
  const widths = places.shape.map((_, d): [number, number] => [0, d === axis ? 1 : 0]);
  return notEqual(gather(pad(sorted, widths, -1), add(ranks, 1), axis), places);
}

function ensureStretches(what: string, shape: readonly number[], wide: readonly number[]): void {
  if (sameShape(broadcastShapes("putAlongAxis", [shape, wide]), wide)) return;
  throw new ShapeError("putAlongAxis", `${what} must broadcast to the places`, {
    expected: `extents equal to those of ${formatShape(wide)}, or 1`,
    got: formatShape(shape),
  });
}
