import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";
import { where } from "./where.js";

/**
 * The rectified linear unit `max(x, 0)` of each element; relu'(0) = 0 as in PyTorch, NaN stays NaN.
 *
 * @example
 * relu(tensor([-1, 2])) // => [0, 2]
 *
 * @method
 */
export const relu: UnaryOp = unary({
  name: "relu",
  expr: (x) => call("max", x, 0),
  dtypes: "number",
  saves: "output",
  vjp: (grad, { output }) => where(output.greater(0), grad, 0),
});
