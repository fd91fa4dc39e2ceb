import { call, constant } from "@chainrule/kernel";
import {
  type BinaryFloatOp,
  binary,
  type UnaryOp,
  unary,
  zeroDerivative,
} from "../../op/unary-binary.js";

// grad where y > 0, else 0, as one kernel.
const mask: BinaryFloatOp = binary({
  name: "reluMask",
  expr: (grad, y) => call("select", call("gt", y, 0), grad, constant(0, grad.dtype)),
  saves: "inputs",
  vjp: [(grad2, { b: y }) => mask(grad2, y), zeroDerivative],
});

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
  vjp: (grad, { output }) => mask(grad, output),
});
