import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";
import { less } from "./less.js";
import { shareOfWinner } from "./tie.js";

/**
 * The larger of `a` and `b`, element by element; NaN wins. A tie gives each half of the gradient.
 *
 * @example
 * maximum(tensor([1, 5]), 3) // => [3, 5]
 *
 * @method
 */
export const maximum: BinaryOp = binary({
  name: "maximum",
  expr: (a, b) => call("max", a, b),
  dtypes: "any",
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => shareOfWinner(grad, a, b, less),
    (grad, { a, b }) => shareOfWinner(grad, b, a, less),
  ],
});
