import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  type PaddedWindowOptions,
  type PerAxis,
  perAxis,
  windowAxes,
  windowCounts,
} from "./geometry.js";
import { paddedWindows } from "./windows.js";

/**
 * The windows of `x` as columns ("im2col"): a convolution is a matrix product with them.
 *
 * Shapes: [N, C, ...S] → [N, C · Πwindow, L], L being the number of windows; channels vary slowest
 * within a column, then the taps in row-major order. `padding` adds zeros.
 * Throws: ShapeError when a window does not fit; ValueError for options out of range.
 *
 * @example
 * unfold(tensor([[[1, 2, 3]]]), 2) // => [[[1, 2], [2, 3]]]
 *
 * @method
 */
export function unfold<D extends DType>(
  x: Tensor<D>,
  window: PerAxis,
  options: PaddedWindowOptions = {},
): Tensor<D> {
  ensureTensor("unfold", x);
  const rank = x.ndim - 2;
  if (rank < 1) {
    throw new ShapeError("unfold", "the input has spatial axes after the first two", {
      expected: "[N, C, ...S]",
      got: formatShape(x.shape),
      fix: "Add the axis of examples, or of channels: x.expandDims(0).",
    });
  }
  const taps = perAxis("unfold", "window", window, rank, 1);
  const windows = windowAxes("unfold", rank, options);
  const counts = windowCounts("unfold", x.shape.slice(2), taps, windows);
  const views = paddedWindows(x, taps, windows, 0);
  // [N, C, ...Y, ...K] → [N, C, ...K, ...Y]
  const axes = Array.from({ length: rank }, (_, d) => 2 + d);
  const order = [0, 1, ...axes.map((axis) => axis + rank), ...axes];
  const [batch = 0, channels = 0] = x.shape;
  const size = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);
  const rows = channels * size(taps);
  return views.permuteDims(order).reshape([batch, rows, size(counts)]);
}
