import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The logarithm to base 10 of each element.
 *
 * @example
 * log10(tensor([1000])) // => [3]
 *
 * @method
 */
export const log10: UnaryFloatOp = unary({
  name: "log10",
  expr: (x) => call("log10", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.mul(Math.LN10)),
});
