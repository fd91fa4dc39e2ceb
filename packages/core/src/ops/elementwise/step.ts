import { call, constant } from "@chainrule/kernel";
import { type UnaryOp, unary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * The unit step: 0 below 0 and 1 from 0 on, the activation of the perceptron. Its derivative is 0.
 *
 * NaN stays NaN.
 *
 * @example
 * step(tensor([-1, 0, 2])) // => [0, 1, 1]
 *
 * @method
 */
export const step: UnaryOp = unary({
  name: "step",
  expr: (x) =>
    call(
      "select",
      call("lt", x, 0),
      constant(0, x.dtype),
      call("select", call("ge", x, 0), constant(1, x.dtype), x),
    ),
  dtypes: "number",
  vjp: zeroDerivative,
});
