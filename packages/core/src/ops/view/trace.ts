import type { DType } from "@chainrule/kernel";
import type { Tensor } from "../../tensor/tensor.js";
import { sum, type TotalOf } from "../reduce/sum.js";
import { diagonal, ensureDiagonal } from "./diagonal.js";

/**
 * The sum of each {@link diagonal} of the last two axes.
 *
 * Shapes: [..., n, m] → [...]. dtype: floats keep theirs, bool and ints give int32.
 * Throws: AxisError for fewer than two axes; ValueError unless `offset` is whole.
 *
 * @example
 * trace(tensor([[1, 2], [3, 4]])) // => 5
 *
 * @method
 */
export function trace<D extends DType>(x: Tensor<D>, offset = 0): Tensor<TotalOf<D>> {
  ensureDiagonal("trace", x, offset);
  return sum(diagonal(x, offset), -1);
}
