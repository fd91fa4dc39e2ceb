import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";

/**
 * `a - b`, element by element with broadcasting.
 *
 * @example
 * sub(1, tensor([1, 2])) // => [0, -1]
 *
 * @method
 */
export const sub: BinaryOp = binary({
  name: "sub",
  expr: (a, b) => call("sub", a, b),
  dtypes: "number",
  vjp: [(grad) => grad, (grad) => grad.neg()],
});
