import { call } from "@chainrule/kernel";
import { type UnaryOp, unary } from "../../op/unary-binary.js";

/**
 * A copy of `x` with a storage of its own, row-major.
 *
 * @example
 * copy(tensor([[1, 2], [3, 4]]).T).strides // => [2, 1]
 *
 * @method
 */
export const copy: UnaryOp = unary({
  name: "copy",
  expr: (x) => call("copy", x),
  dtypes: "any",
  vjp: (grad) => grad,
});
