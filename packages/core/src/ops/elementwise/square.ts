import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";

/**
 * `x²` for each element.
 *
 * @example
 * square(tensor([3])) // => [9]
 *
 * @method
 */
export const square: UnaryOp = unary({
  name: "square",
  expr: (x) => call("mul", x, x),
  dtypes: "number",
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.mul(2)),
});
