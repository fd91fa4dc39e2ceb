import { call, type DType } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import type { Input } from "../../op/primitive.js";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { exp } from "./exp.js";
import { expm1 } from "./expm1.js";
import { less } from "./less.js";
import { lessEqual } from "./less-equal.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

const exponential: BinaryFloatOp = binary({
  name: "elu",
  expr: (x, alpha) => call("select", call("gt", x, 0), x, call("mul", alpha, call("expm1", x))),
  saves: "inputs",
  vjp: [
    (grad, { a: x, b: alpha }) =>
      where(lessEqual(x, 0), mul(grad, alpha).mul(exp(negativePart(x))), grad),
    (grad, { a: x }) => grad.mul(expm1(negativePart(x))),
  ],
});

/** `min(x, 0)` without a derivative at 0: elu's second one is 0 there, as in PyTorch. */
function negativePart(x: Input): Tensor {
  return where(less(x, 0), x, 0);
}

/**
 * `x` above 0 and `alpha (eˣ - 1)` elsewhere, smooth for `alpha` 1: the exponential linear unit.
 *
 * At 0 the derivative is `alpha`, as in PyTorch.
 *
 * Source: Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289.
 *
 * @example
 * elu(tensor([-1, 2])) // => [-0.6321206, 2]
 */
export function elu<D extends DType>(x: Tensor<D>, alpha = 1): Tensor<FloatOf<D>> {
  return exponential(x, alpha) as Tensor as Tensor<FloatOf<D>>;
}
