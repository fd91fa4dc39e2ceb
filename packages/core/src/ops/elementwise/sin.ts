import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The sine of each element, in radians.
 *
 * @example
 * sin(tensor([0, Math.PI / 2])) // => [0, 1]
 *
 * @method
 */
export const sin: UnaryFloatOp = unary({
  name: "sin",
  expr: (x) => call("sin", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.cos()),
});
