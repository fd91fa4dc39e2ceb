import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import type { Attrs } from "../../op/primitive.js";
import { defineView, type ViewOp, viewOf } from "../../op/view.js";
import { resolvePermutation } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";

interface PermuteAttrs extends Attrs {
  readonly axes: readonly number[];
}

const permuteView: ViewOp<PermuteAttrs> = defineView<PermuteAttrs>({
  name: "permuteDims",
  view: (source, { axes }) =>
    viewOf(
      axes.map((axis) => source.shape[axis] ?? 1),
      axes.map((axis) => source.strides[axis] ?? 0),
    ),
  vjp: (grad, { attrs: { axes } }) =>
    permuteDims(
      grad,
      axes.map((_, axis) => axes.indexOf(axis)),
    ),
  batch: ([x], _batched, { axes }) => permuteDims(x as Tensor, [0, ...axes.map((a) => a + 1)]),
});

/**
 * `x` with its axes in another order: axis `i` of the result is axis `axes[i]` of `x`. A view.
 *
 * Throws: AxisError unless `axes` names every axis once.
 *
 * @example
 * permuteDims(zeros([2, 3, 4]), [2, 0, 1]).shape // => [4, 2, 3]
 *
 * @method
 */
export function permuteDims<D extends DType>(x: Tensor<D>, axes: readonly number[]): Tensor<D> {
  ensureTensor("permuteDims", x);
  const order = resolvePermutation("permuteDims", axes, x.shape);
  return permuteView(x, { key: order.join(), axes: order }) as Tensor<D>;
}
