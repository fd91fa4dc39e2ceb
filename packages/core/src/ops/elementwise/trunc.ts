import { call } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * Rounds each element towards zero. Its derivative is 0.
 *
 * @example
 * trunc(tensor([-1.7])) // => [-1]
 *
 * @method
 */
export const trunc: UnaryOp = unary({
  name: "trunc",
  expr: (x) => call("trunc", x),
  dtypes: "number",
  vjp: zeroDerivative,
});
