import { call, type DType } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import { defineNormalization, type NormalizationOp } from "../../op/normalization.js";
import type { Tensor } from "../../tensor/tensor.js";

const logSoftmaxAxis: NormalizationOp = defineNormalization({
  name: "logSoftmax",
  // (x - max) - ln(sum of e^(x - max))
  element: (x, max, total) => call("sub", call("sub", x, max), call("log", total)),
  saves: "output",
  vjp: (grad, { output, attrs: { axis } }) =>
    grad.sub(output.exp().mul(grad.sum(axis, { keepdims: true }))),
});

/**
 * The logarithm of {@link softmax} along `axis`, computed without taking the logarithm of 0:
 * `logSoftmax(x)ᵢ = xᵢ - ln Σⱼ e^xⱼ`.
 *
 * Shapes: any → same.
 *
 * @example
 * logSoftmax(tensor([0, 0])) // => [-0.6931472, -0.6931472]
 *
 * @method
 */
export function logSoftmax<D extends DType>(x: Tensor<D>, axis = -1): Tensor<FloatOf<D>> {
  return logSoftmaxAxis(x, axis) as Tensor<FloatOf<D>>;
}
