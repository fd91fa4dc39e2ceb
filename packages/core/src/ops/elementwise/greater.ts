import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a > b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * greater(tensor([1, 2, 3]), 2) // => [false, false, true]
 *
 * @method
 */
export const greater: BinaryBoolOp = binary({
  name: "greater",
  expr: (a, b) => call("gt", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
