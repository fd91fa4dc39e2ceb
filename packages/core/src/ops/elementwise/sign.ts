import { call } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * -1, 0 or 1 by the sign of each element; NaN stays NaN. Its derivative is 0.
 *
 * @example
 * sign(tensor([-3, 0, 5])) // => [-1, 0, 1]
 *
 * @method
 */
export const sign: UnaryOp = unary({
  name: "sign",
  expr: (x) => call("sign", x),
  dtypes: "number",
  vjp: zeroDerivative,
});
