import { call, type DType } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";

const xor: BinaryOp = binary({
  name: "bitwiseXor",
  expr: bitwise(
    "bitwiseXor",
    (a, b) => call("bitXor", a, b),
    (a, b) => call("xor", a, b),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits that are set in one of `a` and `b` only; of bool, whether they differ.
 *
 * dtype: int32, uint8 or bool, promoted. Throws: DTypeError for floats.
 *
 * @example
 * bitwiseXor(tensor([12, 7], { dtype: "int32" }), 10) // => [6, 13]
 */
export function bitwiseXor<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<With<D, B>> {
  return xor(a, b);
}
