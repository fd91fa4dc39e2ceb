import { call, cast } from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import { filled } from "../../engine/fill.js";
import { defineElementwise } from "../../op/elementwise.js";
import { type Input, noAttrs, type Primitive } from "../../op/primitive.js";
import type { Combined } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "./astype.js";

const wherePrimitive: Primitive = defineElementwise({
  name: "where",
  // The condition arrives promoted like the others; anything but 0 is true.
  expr: (condition, a, b) => {
    if (condition === undefined || a === undefined || b === undefined) {
      throw new RangeError("where takes three operands");
    }
    return call("select", cast(condition, "bool"), a, b);
  },
  dtypes: "any",
  saves: "inputs",
  vjp: [
    (grad) => grad.mul(0),
    (grad, { inputs: [condition] }) => where(condition as Tensor, grad, 0),
    (grad, { inputs: [condition] }) => where(condition as Tensor, 0, grad),
  ],
});

/**
 * `a` where `condition` is true and `b` elsewhere, with broadcasting.
 *
 * The gradient goes to the chosen side only; the other side's NaN never leaks into it.
 * Shapes: all broadcast together. dtype: that of `a` and `b` promoted.
 *
 * @example
 * where(tensor([true, false]), tensor([1, 2]), 0) // => [1, 0]
 */
export function where<A extends Input, B extends Input>(
  condition: Tensor,
  a: A,
  b: B,
): Tensor<Combined<A, B>> {
  ensureTensor("where", condition);
  const mask = condition.dtype === "bool" ? condition : astype(condition, "bool");
  const first: Input =
    typeof a === "number" && typeof b === "number"
      ? filled(mask.storage.device, Math.fround(a), "float32", [])
      : a;
  return apply(wherePrimitive, [mask, first, b], noAttrs) as Tensor<Combined<A, B>>;
}
