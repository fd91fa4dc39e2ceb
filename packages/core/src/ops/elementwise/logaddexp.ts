import { call } from "@chainrule/kernel";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";
import { sigmoid } from "./sigmoid.js";
import { sub } from "./sub.js";

/**
 * `ln(eᵃ + eᵇ)`, element by element with broadcasting, without overflow: adds probabilities that are
 * given as logarithms.
 *
 * The gradient of `a` is `sigmoid(a - b)`; where both are the same infinity it is NaN, as in PyTorch.
 *
 * @example
 * logaddexp(tensor([0, 1000]), 0) // => [0.6931472, 1000]
 */
export const logaddexp: BinaryFloatOp = binary({
  name: "logaddexp",
  // max(a, b) + log1p(e^-|a - b|); the difference of equal infinities would be NaN.
  expr: (a, b) => {
    const distance = call("abs", call("sub", a, b));
    const rest = call("log1p", call("exp", call("neg", distance)));
    return call(
      "select",
      call("eq", a, b),
      call("add", a, Math.LN2),
      call("add", call("max", a, b), rest),
    );
  },
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => grad.mul(sigmoid(sub(a, b))),
    (grad, { a, b }) => grad.mul(sigmoid(sub(b, a))),
  ],
});
