import { call } from "@chainrule/kernel";
import { type BinaryBoolOp, binary } from "../../op/unary-binary.js";

/**
 * Whether exactly one element is true (not zero).
 *
 * @example
 * logicalXor(tensor([true, true]), tensor([true, false])) // => [false, true]
 *
 * @method
 */
export const logicalXor: BinaryBoolOp = binary({
  name: "logicalXor",
  expr: (a, b) => call("xor", a, b),
  dtypes: "logical",
  vjp: { nonDifferentiable: "its results are bool" },
});
