import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether both elements are true (not zero).
 *
 * @example
 * logicalAnd(tensor([true, true]), tensor([true, false])) // => [true, false]
 *
 * @method
 */
export const logicalAnd: BinaryBoolOp = binary({
  name: "logicalAnd",
  expr: (a, b) => call("and", a, b),
  dtypes: "logical",
  vjp: { nonDifferentiable: "its results are bool" },
});
