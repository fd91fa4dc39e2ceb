import { type DType, sizeOf } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  type PaddedWindowOptions,
  type PerAxis,
  perAxis,
  spatialExtents,
  windowAxes,
  windowCounts,
} from "./geometry.js";
import { exchangeSpatial, paddedWindows } from "./windows.js";

/**
 * The windows of `x` as columns ("im2col"): a convolution is a matrix product with them.
 *
 * Shapes: [N, C, ...S] → [N, C · Πwindow, L], 1 to 3 spatial axes, L being the number of windows;
 * channels vary slowest within a column, then the taps in row-major order. `padding` adds zeros.
 * Throws: ShapeError when a window does not fit; ValueError for options out of range.
 *
 * @example
 * unfold(tensor([[[1, 2, 3]]]), 2) // => [[[1, 2], [2, 3]]]
 */
export function unfold<D extends DType>(
  x: Tensor<D>,
  window: PerAxis,
  options: PaddedWindowOptions = {},
): Tensor<D> {
  ensureTensor("unfold", x);
  const extents = spatialExtents("unfold", x.shape);
  const rank = extents.length;
  const taps = perAxis("unfold", "window", window, rank, 1);
  const windows = windowAxes("unfold", rank, options);
  const counts = windowCounts("unfold", extents, taps, windows);
  const views = paddedWindows(x, taps, windows, 0);
  const [batch = 0, channels = 0] = x.shape;
  return exchangeSpatial(views).reshape([batch, channels * sizeOf(taps), sizeOf(counts)]);
}
