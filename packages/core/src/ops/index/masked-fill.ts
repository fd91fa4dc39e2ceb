import { convertNumber, type DType, isFloat } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { filled } from "../../engine/fill.js";
import { formatValue, ValueError } from "../../errors.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";
import { ensureMask } from "./mask.js";

/**
 * `x` with `value` where `mask` is true.
 *
 * Shapes: `x` and `mask` broadcast together. dtype: that of `x`. Throws: DTypeError for a mask that
 * is not bool; ValueError for a value that the dtype cannot hold.
 *
 * @example
 * maskedFill(tensor([1, 2, 3]), tensor([true, false, true]), -1) // => [-1, 2, -1]
 *
 * @method
 */
export function maskedFill<D extends DType>(x: Tensor<D>, mask: Tensor, value: number): Tensor<D> {
  ensureTensor("maskedFill", x);
  ensureMask("maskedFill", mask);
  broadcastShapes("maskedFill", [x.shape, mask.shape]);
  if (typeof value !== "number" || (!isFloat(x.dtype) && convertNumber(value, x.dtype) !== value)) {
    throw new ValueError("maskedFill", "the dtype must hold the value", {
      expected: `a number that ${x.dtype} holds`,
      got: formatValue(value),
      fix: 'Convert with astype("float32") first.',
    });
  }
  const fill = filled(x.storage.device, convertNumber(value, x.dtype), x.dtype, []);
  return where(mask, fill, x) as Tensor as Tensor<D>;
}
