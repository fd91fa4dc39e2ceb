import { call, type DType, type Expr } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import { apply } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import { defineElementwise } from "../../op/elementwise.js";
import { type Input, noAttrs, type Primitive } from "../../op/primitive.js";
import type { Tensor } from "../../tensor/tensor.js";
import { greaterEqual } from "./greater-equal.js";
import { lessEqual } from "./less-equal.js";
import { where } from "./where.js";

const hardTanhPrimitive: Primitive = defineElementwise({
  name: "hardTanh",
  expr: (...operands) => {
    const [x, min, max] = operands as [Expr, Expr, Expr];
    return call("min", call("max", x, min), max);
  },
  saves: "inputs",
  // The bounds are numbers, which have no gradient.
  vjp: [
    (grad, { inputs }) => {
      const [x, min, max] = inputs as [Tensor, Input, Input];
      return where(lessEqual(x, min).logicalOr(greaterEqual(x, max)), 0, grad);
    },
    () => null,
    () => null,
  ],
});

/**
 * `x` limited to `[min, max]`, a tanh made of three lines; NaN stays NaN.
 *
 * Unlike {@link clip}, the derivative is 0 at the bounds too, as PyTorch's hardtanh. Throws: ValueError
 * unless `min` is below `max`.
 *
 * Source: Collobert 2004, Large Scale Machine Learning.
 *
 * @example
 * hardTanh(tensor([-2, 0.5, 7])) // => [-1, 0.5, 1]
 */
export function hardTanh<D extends DType>(x: Tensor<D>, min = -1, max = 1): Tensor<FloatOf<D>> {
  if (!(typeof min === "number" && typeof max === "number" && min < max)) {
    throw new ValueError("hardTanh", "the bounds must be numbers in ascending order", {
      expected: "min < max",
      got: `min ${formatValue(min)} and max ${formatValue(max)}`,
    });
  }
  return apply(hardTanhPrimitive, [x, min, max], noAttrs) as Tensor<FloatOf<D>>;
}
