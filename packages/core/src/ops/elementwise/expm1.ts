import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * `eˣ - 1`, exact for small x where `exp(x).sub(1)` cancels.
 *
 * @example
 * expm1(tensor([1e-6])) // => [0.0000010000005]
 *
 * @method
 */
export const expm1: UnaryFloatOp = unary({
  name: "expm1",
  expr: (x) => call("expm1", x),
  saves: "output",
  vjp: (grad, { output }) => grad.mul(output.add(1)),
});
