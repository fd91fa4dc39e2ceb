import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The square root of each element; NaN below 0.
 *
 * The derivative `1 / (2√x)` is Infinity at 0.
 *
 * @example
 * sqrt(tensor([4, 9])) // => [2, 3]
 *
 * @method
 */
export const sqrt: UnaryFloatOp = unary({
  name: "sqrt",
  expr: (x) => call("sqrt", x),
  saves: "output",
  vjp: (grad, { output }) => grad.div(output.mul(2)),
});
