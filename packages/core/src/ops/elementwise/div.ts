import { call } from "@chainrule/kernel";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";

/**
 * `a / b`, element by element with broadcasting; ints are divided as float32.
 *
 * Division by 0 gives ±Infinity or NaN.
 *
 * @example
 * div(tensor([1, 2]), 2) // => [0.5, 1]
 *
 * @method
 */
export const div: BinaryFloatOp = binary({
  name: "div",
  expr: (a, b) => call("div", a, b),
  saves: "inputs",
  vjp: [
    (grad, { b }) => grad.div(b),
    // a / b / b first: grad · a may leave the range of floats where the result does not.
    (grad, { a, b }) => grad.mul(div(div(a, b), b)).neg(),
  ],
});
