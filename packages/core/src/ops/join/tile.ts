import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { reshape } from "../view/reshape.js";

/**
 * Copies of `x` side by side, `repetitions[axis]` of them along each axis.
 *
 * The shorter of `x.shape` and `repetitions` is filled with ones in front. Throws: ValueError for
 * repetitions that are not whole or negative.
 *
 * @example
 * tile(tensor([1, 2]), [2]) // => [1, 2, 1, 2]
 * tile(tensor([1, 2]), [2, 1]) // => [[1, 2], [1, 2]]
 *
 * @method
 */
export function tile<D extends DType>(x: Tensor<D>, repetitions: readonly number[]): Tensor<D> {
  ensureTensor("tile", x);
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (!Array.isArray(repetitions) || !repetitions.every(isCount)) {
    throw new ValueError("tile", "repetitions must be whole", {
      expected: "an array of whole numbers from 0 on",
      got: formatValue(repetitions),
    });
  }
  const ndim = Math.max(x.ndim, repetitions.length);
  const counts = [...new Array<number>(ndim - repetitions.length).fill(1), ...repetitions];
  const shape = [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape];
  // Each axis n becomes two, count and n, which then merge.
  const apart = reshape(
    x,
    shape.flatMap((n) => [1, n]),
  );
  const copies = broadcastTo(
    apart,
    shape.flatMap((n, axis) => [counts[axis] ?? 1, n]),
  );
  return reshape(
    copies,
    shape.map((n, axis) => (counts[axis] ?? 1) * n),
  );
}
