import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether `a < b`, element by element with broadcasting. NaN is unequal to everything.
 *
 * @example
 * less(tensor([1, 2, 3]), 2) // => [true, false, false]
 *
 * @method
 */
export const less: BinaryBoolOp = binary({
  name: "less",
  expr: (a, b) => call("lt", a, b),
  dtypes: "compare",
  vjp: { nonDifferentiable: "its results are bool" },
});
