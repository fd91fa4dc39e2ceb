import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

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
  vjp: (grad, { output }) => grad.mul(output.square().neg().add(1)),
});
