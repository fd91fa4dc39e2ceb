import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { AxisError, formatValue } from "../../errors.js";
import { type Axis, resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { permuteDims } from "./permute-dims.js";

/**
 * `x` with the axes `source` moved to the positions `destination` of the result; the other axes keep
 * their order. A view.
 *
 * Throws: AxisError unless `source` and `destination` name equally many distinct axes.
 *
 * @example
 * moveaxis(zeros([2, 3, 4]), 0, -1).shape // => [3, 4, 2]
 * moveaxis(zeros([2, 3, 4]), [0, 1], [2, 0]).shape // => [3, 4, 2]
 *
 * @method
 */
export function moveaxis<D extends DType>(
  x: Tensor<D>,
  source: Axis,
  destination: Axis,
): Tensor<D> {
  ensureTensor("moveaxis", x);
  const resolve = (axis: number): number => resolveAxis("moveaxis", axis, x.shape);
  const from = [source].flat().map(resolve);
  const to = [destination].flat().map(resolve);
  if (from.length !== to.length || [from, to].some((axes) => new Set(axes).size < axes.length)) {
    throw new AxisError("moveaxis", "each moved axis needs a place of its own", {
      expected: "as many distinct destinations as distinct sources",
      got: `source ${formatValue(source)} and destination ${formatValue(destination)}`,
    });
  }
  const order = x.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  const moves = from.map((axis, i) => ({ axis, place: to[i] ?? 0 }));
  for (const { axis, place } of moves.sort((a, b) => a.place - b.place)) {
    order.splice(place, 0, axis);
  }
  return permuteDims(x, order);
}
