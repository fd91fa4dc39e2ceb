import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The logarithm to base 2 of each element.
 *
 * @example
 * log2(tensor([8])) // => [3]
 *
 * @method
 */
export const log2: UnaryFloatOp = unary({
  name: "log2",
  expr: (x) => call("log2", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.mul(Math.LN2)),
});
