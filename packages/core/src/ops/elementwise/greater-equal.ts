import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a ≥ b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * greaterEqual(tensor([1, 2, 3]), 2) // => [false, true, true]
 *
 * @method
 */
export const greaterEqual: BinaryBoolOp = binary({
  name: "greaterEqual",
  expr: (a, b) => call("ge", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
