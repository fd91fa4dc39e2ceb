import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a = b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * equal(tensor([1, 2, 3]), 2) // => [false, true, false]
 *
 * @method
 */
export const equal: BinaryBoolOp = binary({
  name: "equal",
  expr: (a, b) => call("eq", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
