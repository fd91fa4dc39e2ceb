import { call, type DType } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";

const invert: UnaryOp = unary({
  name: "bitwiseInvert",
  expr: bitwise(
    "bitwiseInvert",
    (x) => call("bitNot", x),
    (x) => call("not", x),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits that are not set: `-x - 1` of int32, `255 - x` of uint8; of bool, the opposite.
 *
 * Throws: DTypeError for floats.
 *
 * @example
 * bitwiseInvert(tensor([0, 5], { dtype: "int32" })) // => [-1, -6]
 */
export function bitwiseInvert<D extends DType>(x: Tensor<D>): Tensor<D> {
  return invert(x);
}
