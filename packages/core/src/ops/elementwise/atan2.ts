import { call } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";
import { add } from "./add.js";
import { square } from "./square.js";

/**
 * The angle in [-π, π] of the point (b, a), in radians: `atan(a / b)` in the right quadrant.
 *
 * @example
 * atan2(tensor([1]), tensor([-1])) // => [2.3561945]
 *
 * @method
 */
export const atan2: BinaryFloatOp = binary({
  name: "atan2",
  expr: (a, b) => call("atan2", a, b),
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => grad.mul(b).div(add(squared(a), squared(b))),
    (grad, { a, b }) =>
      grad
        .mul(a)
        .div(add(squared(a), squared(b)))
        .neg(),
  ],
});

/** A number stays one, so that it takes the dtype of the tensor it meets. */
function squared(x: Input): Input {
  return typeof x === "number" ? x * x : square(x);
}
