import { call, cast } from "@chainrule/kernel";
import { floatOf } from "../../dtype/promote.js";
import { type UnaryBoolOp, unary } from "../../op/unary-binary.js";

/**
 * Whether each element is Infinity or -Infinity.
 *
 * @example
 * isInf(tensor([0, -Infinity])) // => [false, true]
 *
 * @method
 */
export const isInf: UnaryBoolOp = unary({
  name: "isInf",
  expr: (x) => call("eq", call("abs", cast(x, floatOf(x.dtype))), Infinity),
  dtypes: "any",
  vjp: { nonDifferentiable: "its results are bool" },
});
