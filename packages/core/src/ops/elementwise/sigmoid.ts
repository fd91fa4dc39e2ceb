import { call, constant, type Expr } from "@chainrule/kernel";
import { type BinaryFloatOp, binary, type UnaryFloatOp, unary } from "../../op/unary-binary.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";

const oneMinus = (x: Expr): Expr => call("sub", constant(1, x.dtype), x);

// grad · y (1 - y) as one kernel; its own derivatives are grad2 · y (1 - y) and grad2 · grad (1 - 2y).
const slope: BinaryFloatOp = binary({
  name: "sigmoidSlope",
  expr: (grad, y) => call("mul", grad, call("mul", y, oneMinus(y))),
  saves: "inputs",
  vjp: [
    (grad2, { b: y }) => slope(grad2, y),
    (grad2, { a: grad, b: y }) => grad2.mul(grad).mul(sub(1, mul(y, 2))),
  ],
});

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
  vjp: (grad, { output }) => slope(grad, output),
});
