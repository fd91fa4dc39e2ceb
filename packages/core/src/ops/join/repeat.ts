import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { fromArray } from "../../engine/fill.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { take } from "../index/take.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { expandDims } from "../view/expand-dims.js";
import { flatten } from "../view/flatten.js";
import { reshape } from "../view/reshape.js";

/**
 * `x` with each slice along `axis` repeated in place: all of them `repeats` times, or each as often
 * as its own count says. Without `axis` the elements are repeated in row-major order.
 *
 * Throws: AxisError; ValueError for counts that are not whole or negative; ShapeError for a list of
 * another length than the axis.
 *
 * @example
 * repeat(tensor([1, 2]), 3) // => [1, 1, 1, 2, 2, 2]
 * repeat(tensor([[1, 2], [3, 4]]), [0, 2], 0) // => [[3, 4], [3, 4]]
 *
 * @method
 */
export function repeat<D extends DType>(
  x: Tensor<D>,
  repeats: number | readonly number[],
  axis?: number,
): Tensor<D> {
  ensureTensor("repeat", x);
  if (axis === undefined) return repeat(flatten(x), repeats, 0);
  const along = resolveAxis("repeat", axis, x.shape);
  const extent = x.shape[along] ?? 0;
  if (![repeats].flat().every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new ValueError("repeat", "counts must be whole", {
      expected: "whole numbers from 0 on",
      got: formatValue(repeats),
    });
  }
  if (typeof repeats === "number") {
    const copies = expandDims(x, along + 1);
    const wide = broadcastTo(copies, copies.shape.with(along + 1, repeats));
    return reshape(wide, x.shape.with(along, extent * repeats));
  }
  if (repeats.length !== extent) {
    throw new ShapeError("repeat", "each slice needs its count", {
      expected: `${extent} counts, for axis ${along} of shape ${formatShape(x.shape)}`,
      got: `${repeats.length}`,
      fix: "Pass a number to repeat all slices equally often.",
    });
  }
  const rows = repeats.flatMap((count, i) => new Array<number>(count).fill(i));
  const indices = fromArray(x.storage.device, Int32Array.from(rows), "int32", [rows.length]);
  return take(x, indices, along);
}
