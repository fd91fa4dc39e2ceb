import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The angle in [0, π] whose cosine is x; NaN outside [-1, 1].
 *
 * @example
 * acos(tensor([1])) // => [0]
 *
 * @method
 */
export const acos: UnaryFloatOp = unary({
  name: "acos",
  expr: (x) => call("acos", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.div(x.square().neg().add(1).sqrt()).neg(),
});
