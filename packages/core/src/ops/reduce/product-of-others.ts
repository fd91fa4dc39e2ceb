// For each element, the product of the other elements along the reduced axes, without dividing by
// the element, which may be 0.

import { sizeOf } from "@chainrule/kernel";
import type { Tensor } from "../../tensor/tensor.js";
import { cumulativeProd } from "../scan/cumulative-prod.js";

/**
 * The product over `axes` of all elements of `x` but the one at each place; shape of `x`.
 *
 * @internal
 */
export function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  // One line of all reduced elements, behind the kept axes.
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const order = [...kept, ...axes];
  const moved = x.permuteDims(order);
  const shape = moved.shape.slice(0, kept.length);
  const lines = moved.reshape([...shape, sizeOf(moved.shape.slice(kept.length))]);
  const others = before(lines).mul(before(lines.flip(-1)).flip(-1));
  const back = order.map((_, axis) => order.indexOf(axis));
  return others.reshape(moved.shape).permuteDims(back);
}

/** The product of the elements before each one along the last axis. */
function before(lines: Tensor): Tensor {
  return cumulativeProd(lines, -1, { includeInitial: true }).at("...", { stop: -1 });
}
