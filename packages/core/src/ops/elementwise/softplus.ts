import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * `ln(1 + eˣ)`, a smooth ReLU; softplus' = sigmoid.
 *
 * Source: Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing.
 *
 * @example
 * softplus(tensor([0, 100])) // => [0.6931472, 100]
 *
 * @method
 */
export const softplus: UnaryFloatOp = unary({
  name: "softplus",
  // max(x, 0) + log1p(exp(-|x|)): the textbook form overflows float32 beyond x = 88.
  expr: (x) =>
    call("add", call("max", x, 0), call("log1p", call("exp", call("neg", call("abs", x))))),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.sigmoid()),
});
