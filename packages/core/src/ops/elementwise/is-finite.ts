import { call, cast } from "@chainrule/kernel";
import { floatOf } from "../../dtype/promote.js";
import { type UnaryBoolOp, unary } from "../../op/unary-binary.js";

/**
 * Whether each element is neither NaN nor infinite.
 *
 * @example
 * isFinite(tensor([0, Infinity])) // => [true, false]
 *
 * @method
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the array API's name.
export const isFinite: UnaryBoolOp = unary({
  name: "isFinite",
  expr: (x) => call("lt", call("abs", cast(x, floatOf(x.dtype))), Infinity),
  dtypes: "any",
  vjp: { nonDifferentiable: "its results are bool" },
});
