// For each element, the product of the other elements along the reduced axes, without dividing by
// the element, which may be 0.

import { positions } from "../../engine/fill.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";

/**
 * The product over `axes` of all elements of `x` but the one at each place; shape of `x`.
 *
 * @internal
 */
export function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  // n by n products per line: row i is the line with its element i replaced by 1.
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const order = [...kept, ...axes];
  const moved = x.permuteDims(order);
  const outer = kept.map((axis) => x.shape[axis] ?? 1);
  const n = axes.reduce((size, axis) => size * (x.shape[axis] ?? 1), 1);
  const lines = moved.reshape([...outer, 1, n]);
  const places = positions(x.storage.device, n);
  const diagonal = places.equal(places.reshape([n, 1]));
  const others = where(diagonal, 1, lines).prod(-1);
  const back = order.map((_, axis) => order.indexOf(axis));
  return others.reshape(moved.shape).permuteDims(back);
}
