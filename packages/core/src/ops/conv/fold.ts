import { type DType, sizeOf } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { DTypeError, formatShape, ShapeError } from "../../errors.js";
import { ensureShapeList } from "../../shape/list.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  type PaddedWindowOptions,
  type PerAxis,
  perAxis,
  windowAxes,
  windowCounts,
} from "./geometry.js";
import { exchangeSpatial, overlapAdd, withoutPadding } from "./windows.js";

/**
 * Adds up columns of windows where they overlap ("col2im"): the gradient of {@link unfold}.
 *
 * Shapes: [N, C · Πwindow, L] → [N, C, ...outputSize], L being the number of windows that fit.
 * Throws: ShapeError when rows or columns do not suit the windows; ValueError for options out of
 * range.
 *
 * @example
 * fold(tensor([[[1, 2], [2, 3]]]), [3], 2) // => [[[1, 4, 3]]]
 */
export function fold<D extends DType>(
  x: Tensor<D>,
  outputSize: readonly number[],
  window: PerAxis,
  options: PaddedWindowOptions = {},
): Tensor<D> {
  ensureTensor("fold", x);
  ensureShapeList("fold", outputSize);
  if (x.dtype === "bool") {
    throw new DTypeError("fold", "sums need numbers", {
      expected: "an int or float tensor",
      got: "bool",
      fix: 'Convert with astype("int32").',
    });
  }
  const rank = outputSize.length;
  const extents = perAxis("fold", "outputSize", outputSize, rank, 1);
  const taps = perAxis("fold", "window", window, rank, 1);
  const axes = windowAxes("fold", rank, options);
  const counts = windowCounts("fold", extents, taps, axes);
  const [size, count] = [sizeOf(taps), sizeOf(counts)];
  const [batch = 0, rows = 0, columns = 0] = x.shape;
  if (x.ndim !== 3 || rank < 1 || rows % size !== 0 || columns !== count) {
    throw new ShapeError("fold", "columns must be those of the windows", {
      expected: `[N, a multiple of ${size}, ${count}]`,
      got: formatShape(x.shape),
      fix: "Use the same window, stride, padding and dilation as in unfold.",
    });
  }
  const windows = exchangeSpatial(x.reshape([batch, rows / size, ...taps, ...counts]));
  const padded = extents.map((n, d) => n + 2 * (axes[d]?.before ?? 0));
  const sum = overlapAdd(windows, withoutPadding(axes), [batch, rows / size, ...padded]);
  const inner = extents.map((n, d) => {
    const start = axes[d]?.before ?? 0;
    return { start, stop: start + n };
  });
  return sum.at(":", ":", ...inner) as Tensor as Tensor<D>;
}
