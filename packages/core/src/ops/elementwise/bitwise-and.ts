import { call, type DType } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";

const and: BinaryOp = binary({
  name: "bitwiseAnd",
  expr: bitwise(
    "bitwiseAnd",
    (a, b) => call("bitAnd", a, b),
    (a, b) => call("and", a, b),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits that are set in both `a` and `b`; of bool, whether both are true.
 *
 * dtype: int32, uint8 or bool, promoted. Throws: DTypeError for floats.
 *
 * @example
 * bitwiseAnd(tensor([12, 7], { dtype: "int32" }), 10) // => [8, 2]
 */
export function bitwiseAnd<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<With<D, B>> {
  return and(a, b);
}
