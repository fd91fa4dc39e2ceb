import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a ≤ b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * lessEqual(tensor([1, 2, 3]), 2) // => [true, true, false]
 *
 * @method
 */
export const lessEqual: BinaryBoolOp = binary({
  name: "lessEqual",
  expr: (a, b) => call("le", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
