import { call } from "@chainrule/kernel";
import { type BinaryOp, binary } from "../../op/unary-binary.js";

/**
 * `a + b`, element by element with broadcasting; bool adds as "or".
 *
 * @example
 * add(tensor([1, 2]), tensor([[10], [20]])) // => [[11, 12], [21, 22]]
 *
 * @method
 */
export const add: BinaryOp = binary({
  name: "add",
  expr: (a, b) => (a.dtype === "bool" ? call("or", a, b) : call("add", a, b)),
  dtypes: "any",
  vjp: [(grad) => grad, (grad) => grad],
});
