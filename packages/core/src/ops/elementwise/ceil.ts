import { call } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * Rounds each element up to a whole number. Its derivative is 0.
 *
 * @example
 * ceil(tensor([1.2])) // => [2]
 *
 * @method
 */
export const ceil: UnaryOp = unary({
  name: "ceil",
  expr: (x) => call("ceil", x),
  dtypes: "number",
  vjp: zeroDerivative,
});
