import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether one element at least is true (not zero).
 *
 * @example
 * logicalOr(tensor([true, true]), tensor([true, false])) // => [true, true]
 *
 * @method
 */
export const logicalOr: BinaryBoolOp = binary({
  name: "logicalOr",
  expr: (a, b) => call("or", a, b),
  dtypes: "logical",
  vjp: { nonDifferentiable: "its results are bool" },
});
