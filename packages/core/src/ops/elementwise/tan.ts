import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The tangent of each element, in radians; tan' = 1 + tan².
 *
 * @example
 * tan(tensor([0])) // => [0]
 *
 * @method
 */
export const tan: UnaryFloatOp = unary({
  name: "tan",
  expr: (x) => call("tan", x),
  saves: "output",
  vjp: (grad, { output }) => grad.mul(output.square().add(1)),
});
