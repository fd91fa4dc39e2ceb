import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The inverse hyperbolic tangent of each element; NaN outside [-1, 1].
 *
 * @example
 * atanh(tensor([0])) // => [0]
 *
 * @method
 */
export const atanh: UnaryFloatOp = unary({
  name: "atanh",
  expr: (x) => call("atanh", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().neg().add(1)),
});
