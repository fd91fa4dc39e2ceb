import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The angle in [-π/2, π/2] whose sine is x; NaN outside [-1, 1].
 *
 * @example
 * asin(tensor([1])) // => [1.5707964]
 *
 * @method
 */
export const asin: UnaryFloatOp = unary({
  name: "asin",
  expr: (x) => call("asin", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().neg().add(1).sqrt()),
});
