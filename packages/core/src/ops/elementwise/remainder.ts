import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";
import { floorDivide } from "./floor-divide.js";

/**
 * The rest of `a / b` with the sign of `b`, as Python's `%`: `a - ⌊a / b⌋ b`. Ints modulo 0 give 0.
 *
 * @example
 * remainder(tensor([7, -7]), 3) // => [1, 2]
 *
 * @method
 */
export const remainder: BinaryOp = binary({
  name: "remainder",
  expr: (a, b) => call("mod", a, b),
  dtypes: "number",
  saves: "inputs",
  vjp: [(grad) => grad, (grad, { a, b }) => grad.mul(floorDivide(a, b)).neg()],
});
