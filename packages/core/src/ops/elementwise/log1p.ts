import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * `ln(1 + x)`, exact for small x.
 *
 * @example
 * log1p(tensor([1e-6])) // => [9.999995e-7]
 *
 * @method
 */
export const log1p: UnaryFloatOp = unary({
  name: "log1p",
  expr: (x) => call("log1p", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.add(1)),
});
