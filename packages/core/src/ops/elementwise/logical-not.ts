import { call } from "@chainrule/kernel";
import { type UnaryBoolOp, unary } from "../../op/unary-binary.js";

/**
 * Whether each element is false (zero).
 *
 * @example
 * logicalNot(tensor([true, false])) // => [false, true]
 *
 * @method
 */
export const logicalNot: UnaryBoolOp = unary({
  name: "logicalNot",
  expr: (x) => call("not", x),
  dtypes: "logical",
  vjp: { nonDifferentiable: "its results are bool" },
});
