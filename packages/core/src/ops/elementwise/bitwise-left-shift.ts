import { call, constant, type DType } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { bitwise, wholeResults } from "./bits.js";
import { shiftCount, staysInside } from "./shift.js";

const shift: BinaryOp = binary({
  name: "bitwiseLeftShift",
  expr: bitwise("bitwiseLeftShift", (a, b) =>
    call("select", staysInside(b), call("shiftLeft", a, b), constant(0, a.dtype)),
  ),
  dtypes: "any",
  vjp: wholeResults,
});

/**
 * The bits of `a` moved up by `b` places: `a · 2ᵇ`, wrapped to the width of the dtype.
 *
 * A count that is negative, or the width (32, of uint8 8) and more, gives 0.
 * dtype: int32 or uint8, promoted. Throws: DTypeError for floats and bool.
 *
 * @example
 * bitwiseLeftShift(tensor([1, 3], { dtype: "int32" }), 2) // => [4, 12]
 */
export function bitwiseLeftShift<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<With<D, B>> {
  return shift(a, shiftCount(b));
}
