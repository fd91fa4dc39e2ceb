import { call, constant } from "@chainrule/kernel";
import { type BinaryFloatOp, binary, type UnaryFloatOp, unary } from "../../op/unary-binary.js";
import { mul } from "./mul.js";

// grad · (1 - y²) as one kernel; its own derivatives are grad2 · (1 - y²) and grad2 · grad · (-2y).
const slope: BinaryFloatOp = binary({
  name: "tanhSlope",
  expr: (grad, y) => call("mul", grad, call("sub", constant(1, y.dtype), call("mul", y, y))),
  saves: "inputs",
  vjp: [
    (grad2, { b: y }) => slope(grad2, y),
    (grad2, { a: grad, b: y }) => grad2.mul(grad).mul(mul(y, -2)),
  ],
});

/**
 * The hyperbolic tangent of each element; tanh' = 1 - tanh².
 *
 * The mean-centred sibling of the logistic function: `tanh(x) = 2 sigmoid(2x) - 1`.
 *
 * @example
 * tanh(tensor([0, 100])) // => [0, 1]
 *
 * @method
 */
export const tanh: UnaryFloatOp = unary({
  name: "tanh",
  expr: (x) => call("tanh", x),
  saves: "output",
  vjp: (grad, { output }) => slope(grad, output),
});
