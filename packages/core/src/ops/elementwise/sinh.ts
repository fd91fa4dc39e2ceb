import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The hyperbolic sine of each element.
 *
 * @example
 * sinh(tensor([0])) // => [0]
 *
 * @method
 */
export const sinh: UnaryFloatOp = unary({
  name: "sinh",
  expr: (x) => call("sinh", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.cosh()),
});
