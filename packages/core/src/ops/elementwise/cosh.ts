import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The hyperbolic cosine of each element.
 *
 * @example
 * cosh(tensor([0])) // => [1]
 *
 * @method
 */
export const cosh: UnaryFloatOp = unary({
  name: "cosh",
  expr: (x) => call("cosh", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.sinh()),
});
