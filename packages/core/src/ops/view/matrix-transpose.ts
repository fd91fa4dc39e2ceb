import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { type Attrs, noAttrs } from "../../op/primitive.js";
import { defineView, type ViewOp, viewOf } from "../../op/view.js";
import { ensureMatrix } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";

const transposeView: ViewOp<Attrs> = defineView<Attrs>({
  name: "matrixTranspose",
  view: ({ shape, strides }) => viewOf(swapLast(shape), swapLast(strides)),
  vjp: (grad) => matrixTranspose(grad),
  batch: ([x]) => matrixTranspose(x as Tensor),
});

function swapLast(values: readonly number[]): number[] {
  const [row = 0, column = 0] = values.slice(-2);
  return [...values.slice(0, -2), column, row];
}

/**
 * `x` with its last two axes exchanged; also the property `x.mT`. A view.
 *
 * Throws: AxisError for fewer than two axes.
 *
 * @example
 * matrixTranspose(tensor([[1, 2], [3, 4]])) // => [[1, 3], [2, 4]]
 */
export function matrixTranspose<D extends DType>(x: Tensor<D>): Tensor<D> {
  ensureTensor("matrixTranspose", x);
  ensureMatrix("matrixTranspose", x.shape);
  return transposeView(x, noAttrs) as Tensor<D>;
}
