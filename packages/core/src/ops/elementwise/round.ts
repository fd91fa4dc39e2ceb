import { call } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * Rounds each element to the nearest whole number, halves to the even one. Its derivative is 0.
 *
 * @example
 * round(tensor([0.5, 1.5])) // => [0, 2]
 *
 * @method
 */
export const round: UnaryOp = unary({
  name: "round",
  expr: (x) => call("round", x),
  dtypes: "number",
  vjp: zeroDerivative,
});
