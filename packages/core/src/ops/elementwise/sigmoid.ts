import { call, constant } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * The logistic function `σ(x) = 1 / (1 + e⁻ˣ)`; σ' = σ (1 - σ).
 *
 * Saturates at 0 and 1, where its gradient vanishes.
 *
 * @example
 * sigmoid(tensor([0, 100])) // => [0.5, 1]
 *
 * @method
 */
export const sigmoid: UnaryFloatOp = unary({
  name: "sigmoid",
  expr: (x) =>
    call(
      "div",
      constant(1, x.dtype),
      call("add", constant(1, x.dtype), call("exp", call("neg", x))),
    ),
  saves: "output",
  vjp: (grad, { output }) => grad.mul(output).mul(output.neg().add(1)),
});
