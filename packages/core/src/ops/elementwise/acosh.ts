import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The inverse hyperbolic cosine of each element; NaN below 1.
 *
 * @example
 * acosh(tensor([1])) // => [0]
 *
 * @method
 */
export const acosh: UnaryFloatOp = unary({
  name: "acosh",
  expr: (x) => call("acosh", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().sub(1).sqrt()),
});
