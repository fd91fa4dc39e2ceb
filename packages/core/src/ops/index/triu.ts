import type { DType } from "@chainrule/kernel";
import { filled } from "../../engine/fill.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";
import { ensureDiagonal } from "../view/diagonal.js";
import { onOrBelow } from "./triangle.js";

/**
 * Each matrix of the last two axes with 0 everywhere but on and above diagonal `k`: 0 is the main one, 1
 * the next above, -1 the next below.
 *
 * Throws: AxisError for fewer than two axes; ValueError unless `k` is whole.
 *
 * @example
 * triu(tensor([[1, 2], [3, 4]])) // => [[1, 2], [0, 4]]
 *
 * @method
 */
export function triu<D extends DType>(x: Tensor<D>, k = 0): Tensor<D> {
  ensureDiagonal("triu", x, k);
  const zero = filled(x.storage.device, 0, x.dtype, []);
  return where(onOrBelow(x, k - 1), zero, x) as Tensor as Tensor<D>;
}
