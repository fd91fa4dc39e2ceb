import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The natural logarithm of each element; -Infinity at 0 and NaN below.
 *
 * @example
 * log(tensor([1, 2])) // => [0, 0.6931472]
 *
 * @method
 */
export const log: UnaryFloatOp = unary({
  name: "log",
  expr: (x) => call("log", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x),
});
