import { call, type Expr, isFloat } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type UnaryBoolOp, unary } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Whether `x` is below 0, or -0; NaN is not.
 *
 * @internal
 */
export function isNegative(x: Expr): Expr {
  const below = call("lt", x, 0);
  // Only the reciprocals of the two zeros differ.
  return isFloat(x.dtype) ? call("or", below, call("lt", call("div", 1, x), 0)) : below;
}

const negative: UnaryBoolOp = unary({
  name: "signbit",
  expr: isNegative,
  dtypes: "any",
  vjp: { nonDifferentiable: "its results are bool" },
});

/**
 * Whether each element is negative, -0 included; NaN counts as positive.
 *
 * @example
 * signbit(tensor([-0, 0, -2])) // => [true, false, true]
 */
export function signbit(x: Input): Tensor<"bool"> {
  return negative(x);
}
