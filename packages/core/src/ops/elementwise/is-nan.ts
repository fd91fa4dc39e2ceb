import { call } from "@chainrule/kernel";
import { type UnaryBoolOp, unary } from "../../op/unary-binary.js";

/**
 * Whether each element is NaN.
 *
 * @example
 * isNaN(tensor([0, NaN])) // => [false, true]
 *
 * @method
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the array API's name.
export const isNaN: UnaryBoolOp = unary({
  name: "isNaN",
  expr: (x) => call("ne", x, x),
  dtypes: "any",
  vjp: { nonDifferentiable: "its results are bool" },
});
