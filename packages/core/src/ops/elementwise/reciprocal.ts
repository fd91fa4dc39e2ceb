import { call, constant } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * `1 / x` for each element.
 *
 * @example
 * reciprocal(tensor([2, 4])) // => [0.5, 0.25]
 *
 * @method
 */
export const reciprocal: UnaryFloatOp = unary({
  name: "reciprocal",
  expr: (x) => call("div", constant(1, x.dtype), x),
  saves: "output",
  vjp: (grad, { output }) => grad.mul(output.square()).neg(),
});
