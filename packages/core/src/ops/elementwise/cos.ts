import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The cosine of each element, in radians.
 *
 * @example
 * cos(tensor([0])) // => [1]
 *
 * @method
 */
export const cos: UnaryFloatOp = unary({
  name: "cos",
  expr: (x) => call("cos", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.sin()).neg(),
});
