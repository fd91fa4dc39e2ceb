import { call } from "@chainrule/kernel";
import { type BinaryFloatOp, binary, zeroDerivative } from "../../op/unary-binary.js";
import { sign } from "./sign.js";
import { isNegative } from "./signbit.js";

/**
 * The magnitude of `a` with the sign of `b`, element by element with broadcasting; -0 is negative,
 * NaN counts as positive.
 *
 * The gradient of `a` is 1 where its sign stays, -1 where it turns and 0 at 0; that of `b` is 0.
 *
 * @example
 * copysign(tensor([1, -2, 3]), tensor([-0, 5, -1])) // => [-1, 2, -3]
 */
export const copysign: BinaryFloatOp = binary({
  name: "copysign",
  expr: (a, b) => {
    const magnitude = call("abs", a);
    return call("select", isNegative(b), call("neg", magnitude), magnitude);
  },
  saves: "both",
  vjp: [(grad, { a, output }) => grad.mul(sign(a)).mul(sign(output)), zeroDerivative],
});
