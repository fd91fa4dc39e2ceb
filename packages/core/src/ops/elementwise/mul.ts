import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";

/**
 * `a · b`, element by element with broadcasting; bool multiplies as "and".
 *
 * @example
 * mul(tensor([1, 2]), 3) // => [3, 6]
 *
 * @method
 */
export const mul: BinaryOp = binary({
  name: "mul",
  expr: (a, b) => (a.dtype === "bool" ? call("and", a, b) : call("mul", a, b)),
  dtypes: "any",
  saves: "inputs",
  vjp: [(grad, { b }) => grad.mul(b), (grad, { a }) => grad.mul(a)],
});
