import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The inverse hyperbolic sine of each element.
 *
 * @example
 * asinh(tensor([0])) // => [0]
 *
 * @method
 */
export const asinh: UnaryFloatOp = unary({
  name: "asinh",
  expr: (x) => call("asinh", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().add(1).sqrt()),
});
