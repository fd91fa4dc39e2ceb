import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a ≠ b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * notEqual(tensor([1, 2, 3]), 2) // => [true, false, true]
 *
 * @method
 */
export const notEqual: BinaryBoolOp = binary({
  name: "notEqual",
  expr: (a, b) => call("ne", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
