import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";

/**
 * `-x` for each element.
 *
 * @example
 * neg(tensor([1, -2])) // => [-1, 2]
 *
 * @method
 */
export const neg: UnaryOp = unary({
  name: "neg",
  expr: (x) => call("neg", x),
  dtypes: "number",
  vjp: (grad) => grad.neg(),
});
