// Which elements of a matrix lie on or below a diagonal.

import { positions } from "../../engine/fill.js";
import type { Tensor } from "../../tensor/tensor.js";
import { lessEqual } from "../elementwise/less-equal.js";
import { sub } from "../elementwise/sub.js";
import { expandDims } from "../view/expand-dims.js";

/**
 * Whether `column - row ≤ k`, for the last two axes of `x`: bool of their shape.
 *
 * @internal
 */
export function onOrBelow(x: Tensor, k: number): Tensor<"bool"> {
  const [rows = 0, columns = 0] = x.shape.slice(-2);
  const { device } = x.storage;
  const below = sub(positions(device, columns), expandDims(positions(device, rows), 1));
  // Beyond the corners all diagonals are alike; far beyond, int32 would not hold them.
  return lessEqual(below, Math.max(-rows, Math.min(k, columns)));
}
