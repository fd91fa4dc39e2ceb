import { type DType, newArray, sizeOf } from "@chainrule/kernel";
import { fromArray } from "../../engine/fill.js";
import type { Tensor } from "../../tensor/tensor.js";
import { ensureFloatOperand } from "../reduce/float-operand.js";
import type { PerAxis } from "./geometry.js";
import { type Pooling, type PoolOptions, pooling } from "./pool-axes.js";
import { paddedWindows } from "./windows.js";

/** How windows lie in an {@link avgPool}, and what they are divided by. */
export interface AvgPoolOptions extends PoolOptions {
  /** Whether the zeros of the padding count as elements; default true. */
  readonly countIncludePad?: boolean | undefined;
}

/**
 * The mean of each window over the spatial axes.
 *
 * Shapes: [N, C, ...S] → [N, C, ...Y], 1 to 3 spatial axes; `window` in elements, one number or one
 * per axis; `stride` default: the window. What `ceilMode` adds behind the padding never counts.
 * Throws: ShapeError when a window does not fit; ValueError for a padding of more than half a window
 * and other options out of range; DTypeError for ints and bool.
 *
 * @example
 * avgPool(tensor([[[1, 3, 2, 0]]]), 2) // => [[[2, 1]]]
 */
export function avgPool<D extends DType>(
  x: Tensor<D>,
  window: PerAxis,
  options: AvgPoolOptions = {},
): Tensor<D> {
  ensureFloatOperand("avgPool", "the mean", x);
  const pool = pooling("avgPool", x, window, options);
  const last = pool.window.map((_, d) => x.ndim + d);
  const total = paddedWindows(x, pool.window, pool.axes, 0).sum(last);
  const taps = sizeOf(pool.window);
  const counts = elementCounts(pool, x.shape.slice(2), options.countIncludePad ?? true);
  if (counts.every((n) => n === taps)) return total.div(taps) as Tensor as Tensor<D>;
  const data = newArray(x.dtype, counts.length);
  data.set(counts);
  return total.div(fromArray(x.storage.device, data, x.dtype, pool.counts)) as Tensor as Tensor<D>;
}

/** How many elements each window is divided by: the product of what it covers of each axis. */
function elementCounts(
  { window, axes, counts, padding }: Pooling,
  extents: readonly number[],
  includePadding: boolean,
): number[] {
  let all = [1];
  for (const [d, axis] of axes.entries()) {
    const margin = includePadding ? (padding[d] ?? 0) : 0;
    const end = (extents[d] ?? 0) + margin;
    const covered = Array.from({ length: counts[d] ?? 0 }, (_, y) => {
      const start = y * axis.stride - axis.before;
      return Math.min(start + (window[d] ?? 1), end) - Math.max(start, -margin);
    });
    all = all.flatMap((product) => covered.map((n) => product * n));
  }
  return all;
}
