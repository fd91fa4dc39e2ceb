import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The angle in [-π/2, π/2] whose tangent is x.
 *
 * @example
 * atan(tensor([1])) // => [0.7853982]
 *
 * @method
 */
export const atan: UnaryFloatOp = unary({
  name: "atan",
  expr: (x) => call("atan", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().add(1)),
});
