import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";

/**
 * The absolute value |x| of each element, also known as absolute value ReLU; abs'(0) = 0.
 *
 * @example
 * abs(tensor([1, -2])) // => [1, 2]
 *
 * @method
 */
export const abs: UnaryOp = unary({
  name: "abs",
  expr: (x) => call("abs", x),
  dtypes: "number",
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.sign()),
});
