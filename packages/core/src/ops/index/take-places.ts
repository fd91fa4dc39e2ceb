// Indexing with tensors of indices on one or several axes: what `at` does when an item is one.

import { type DType, sizeOf } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { permuteDims } from "../view/permute-dims.js";
import { reshape } from "../view/reshape.js";
import { ensureIndices } from "./indices.js";
import { placeOf } from "./place.js";
import { take } from "./take.js";

/**
 * Indices along one axis.
 *
 * @internal
 */
export interface AxisIndices {
  readonly axis: number;
  readonly indices: Tensor;
}

/**
 * `x` with the axes of `picks`, in ascending order, replaced by the axes that their indices
 * broadcast to. These come where the first of `picks` was, or in front of all others.
 *
 * @internal
 */
export function takePlaces<D extends DType>(
  op: string,
  x: Tensor<D>,
  picks: readonly AxisIndices[],
  inFront: boolean,
): Tensor<D> {
  for (const { indices } of picks) ensureIndices(op, indices);
  broadcastShapes(
    op,
    picks.map(({ indices }) => indices.shape),
  );
  // The picked axes become one, and the indices along them one position on it.
  const axes = picks.map(({ axis }) => axis);
  const others = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const start = inFront ? 0 : (axes[0] ?? 0);
  const lines = permuteDims(x, [...others.slice(0, start), ...axes, ...others.slice(start)]);
  const { shape } = lines;
  const end = start + axes.length;
  const merged = [...shape.slice(0, start), sizeOf(shape.slice(start, end)), ...shape.slice(end)];
  const places = picks.reduce<Input>(
    (before, { axis, indices }) => placeOf(indices, x.shape[axis] ?? 0, before),
    0,
  );
  return take(reshape(lines, merged), places as Tensor, start);
}
