import { call, constant, type DType } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";
import { shiftCount, staysInside } from "./shift.js";

const shift: BinaryOp = binary({
  name: "bitwiseRightShift",
  expr: bitwise("bitwiseRightShift", (a, b) =>
    call("shiftRight", a, call("select", staysInside(b), b, constant(31, b.dtype))),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits of `a` moved down by `b` places, the sign kept: `⌊a / 2ᵇ⌋`.
 *
 * A count that is negative, or the width (32, of uint8 8) and more, gives 0, of a negative number -1.
 * dtype: int32 or uint8, promoted. Throws: DTypeError for floats and bool.
 *
 * @example
 * bitwiseRightShift(tensor([8, -5], { dtype: "int32" }), 1) // => [4, -3]
 */
export function bitwiseRightShift<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<With<D, B>> {
  return shift(a, shiftCount(b));
}
