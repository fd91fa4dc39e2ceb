import { call, type DType } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import type { Input } from "../../op/primitive.js";
import { type BinaryFloatOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";

const next: BinaryFloatOp = binary({
  name: "nextafter",
  expr: (a, b) => call("nextAfter", a, b),
  vjp: { nonDifferentiable: "it steps from one number to the next" },
});

/**
 * The number of the result's dtype that follows `a` in the direction of `b`; `b` where they are
 * equal. It has no derivative.
 *
 * dtype: `a` and `b` promoted, ints and bool as float32.
 *
 * @example
 * nextafter(tensor([1]), 2).sub(1) // => [1.1920929e-7]
 */
export function nextafter<D extends DType, B extends Input>(
  a: Tensor<D>,
  b: B,
): Tensor<FloatOf<With<D, B>>> {
  return next(a, b);
}
