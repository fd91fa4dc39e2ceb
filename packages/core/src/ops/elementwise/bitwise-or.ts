import { call, type DType } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";

const or: BinaryOp = binary({
  name: "bitwiseOr",
  expr: bitwise(
    "bitwiseOr",
    (a, b) => call("bitOr", a, b),
    (a, b) => call("or", a, b),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits that are set in `a`, in `b` or in both; of bool, whether any is true.
 *
 * dtype: int32, uint8 or bool, promoted. Throws: DTypeError for floats.
 *
 * @example
 * bitwiseOr(tensor([12, 7], { dtype: "int32" }), 10) // => [14, 15]
 */
export function bitwiseOr<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<With<D, B>> {
  return or(a, b);
}
