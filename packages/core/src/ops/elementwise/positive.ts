import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";

/**
 * `+x` for each element: a copy. Bool is refused, as it has no sign.
 *
 * @example
 * positive(tensor([1, -2])) // => [1, -2]
 */
export const positive: UnaryOp = unary({
  name: "positive",
  expr: (x) => call("copy", x),
  dtypes: "number",
  vjp: (grad) => grad,
});
