import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The exponential `eˣ` of each element.
 *
 * Shapes: any → same. Overflows to Infinity beyond about 88.7 in float32.
 *
 * @example
 * exp(tensor([0, 1])) // => [1, 2.7182817]
 *
 * @method
 */
export const exp: UnaryFloatOp = unary({
  name: "exp",
  expr: (x) => call("exp", x),
  saves: "output",
  vjp: (grad, { output }) => grad.mul(output),
});
