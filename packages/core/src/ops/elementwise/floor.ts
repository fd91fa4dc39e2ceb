import { call } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * Rounds each element down to a whole number. Its derivative is 0.
 *
 * @example
 * floor(tensor([1.7, -1.2])) // => [1, -2]
 *
 * @method
 */
export const floor: UnaryOp = unary({
  name: "floor",
  expr: (x) => call("floor", x),
  dtypes: "number",
  vjp: zeroDerivative,
});
