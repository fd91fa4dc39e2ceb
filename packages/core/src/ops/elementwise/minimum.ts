import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";
import { greater } from "./greater.js";
import { shareOfWinner } from "./tie.js";

/**
 * The smaller of `a` and `b`, element by element; NaN wins. A tie gives each half of the gradient.
 *
 * @example
 * minimum(tensor([1, 5]), 3) // => [1, 3]
 *
 * @method
 */
export const minimum: BinaryOp = binary({
  name: "minimum",
  expr: (a, b) => call("min", a, b),
  dtypes: "any",
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => shareOfWinner(grad, a, b, greater),
    (grad, { a, b }) => shareOfWinner(grad, b, a, greater),
  ],
});
