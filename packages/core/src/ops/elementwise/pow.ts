import { call } from "@chainrule/kernel";
import { type BinaryOp, binary, zeroDerivative } from "../../op/unary-binary.js";
import { equal } from "./equal.js";
import { greaterEqual } from "./greater-equal.js";
import { log } from "./log.js";
import { mul } from "./mul.js";
import { sub } from "./sub.js";
import { where } from "./where.js";

/**
 * `a` to the power `b`, element by element with broadcasting, as C's pow: `pow(x, 0)` is 1 for every
 * x, NaN included; a negative base with a fractional exponent is NaN.
 *
 * Gradients as PyTorch's: that of `a` is 0 where `b` is 0; that of `b` is 0 where `a` is 0 and
 * `b` ≥ 0.
 *
 * @example
 * pow(tensor([1, 2, 3]), 2) // => [1, 4, 9]
 *
 * @method
 */
export const pow: BinaryOp = binary({
  name: "pow",
  expr: (a, b) => call("pow", a, b),
  dtypes: "number",
  saves: "both",
  vjp: [
    (grad, saved) => {
      const { a, b } = saved;
      if (b === 0) return zeroDerivative(grad, saved);
      if (typeof b === "number") return grad.mul(mul(pow(a, b - 1), b));
      const slope = grad.mul(mul(b, pow(a, sub(b, 1))));
      return where(equal(b, 0), 0, slope);
    },
    (grad, { a, b, output }) => {
      if (typeof a !== "number") {
        const slope = grad.mul(output.mul(log(a)));
        return where(equal(a, 0).logicalAnd(greaterEqual(b, 0)), 0, slope);
      }
      const slope = grad.mul(output.mul(Math.log(a)));
      return a === 0 ? where(greaterEqual(b, 0), 0, slope) : slope;
    },
  ],
});
