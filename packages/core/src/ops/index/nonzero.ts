import { ensureTensor } from "../../engine/apply.js";
import { fromArray } from "../../engine/fill.js";
import type { Tensor } from "../../tensor/tensor.js";
import { truePositions } from "./mask.js";

/**
 * Where `x` is not zero: one row of indices for each such element, in row-major order.
 *
 * The elements are read back, as their number decides the shape; hence the promise. NaN is not zero.
 * Shapes: n axes → [count, n]. dtype: int32.
 *
 * @example
 * await nonzero(tensor([[0, 7], [5, 0]])) // => [[0, 1], [1, 0]]
 *
 * @method
 */
export async function nonzero(x: Tensor): Promise<Tensor<"int32">> {
  ensureTensor("nonzero", x);
  const { shape, ndim } = x;
  const found = await truePositions(x);
  const rows = new Int32Array(found.length * ndim);
  for (const [row, position] of found.entries()) {
    let rest = position;
    for (let axis = ndim - 1; axis >= 0; axis--) {
      const extent = shape[axis] ?? 1;
      rows[row * ndim + axis] = rest % extent;
      rest = Math.floor(rest / extent);
    }
  }
  const result = fromArray(x.storage.device, rows, "int32", [found.length, ndim]);
  return result as Tensor<"int32">;
}
