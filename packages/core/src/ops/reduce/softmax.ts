import { call, type DType } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import { defineNormalization, type NormalizationOp } from "../../op/normalization.js";
import type { Tensor } from "../../tensor/tensor.js";

const softmaxAxis: NormalizationOp = defineNormalization({
  name: "softmax",
  // e^(x - max) / sum of them
  element: (x, max, total) => call("div", call("exp", call("sub", x, max)), total),
  saves: "output",
  vjp: (grad, { output, attrs: { axis } }) => {
    const weighted = grad.mul(output);
    return weighted.sub(output.mul(weighted.sum(axis, { keepdims: true })));
  },
});

/**
 * Turns scores into probabilities along `axis`: `softmax(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ`.
 *
 * The largest score is subtracted first, so nothing overflows. Shapes: any → same.
 *
 * @example
 * softmax(tensor([0, 0])) // => [0.5, 0.5]
 *
 * @method
 */
export function softmax<D extends DType>(x: Tensor<D>, axis = -1): Tensor<FloatOf<D>> {
  return softmaxAxis(x, axis) as Tensor<FloatOf<D>>;
}
