// How the windows of a pooling lie: its options, and what they mean for an input.

import { ensureTensor } from "../../engine/apply.js";
import { formatShape, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  type PaddedWindowOptions,
  type PerAxis,
  perAxis,
  span,
  spatialExtents,
  type WindowAxis,
  windowAxes,
  windowCounts,
} from "./geometry.js";

/** How windows lie in a pooling. */
export interface PoolOptions extends Omit<PaddedWindowOptions, "dilation"> {
  /** Whether a last window that leaves the padded input counts too; default false. */
  readonly ceilMode?: boolean | undefined;
}

/**
 * The windows of a pooling.
 *
 * @internal
 */
export interface Pooling {
  readonly window: readonly number[];
  /** With what is added behind for `ceilMode`. */
  readonly axes: readonly WindowAxis[];
  readonly counts: readonly number[];
  /** The padding that was asked for. */
  readonly padding: readonly number[];
}

/**
 * Reads the options of a pooling of `x` [N, C, ...S].
 *
 * @internal
 */
export function pooling(
  op: string,
  x: Tensor,
  window: PerAxis,
  options: PoolOptions & { readonly dilation?: PerAxis | undefined },
): Pooling {
  ensureTensor(op, x);
  const extents = spatialExtents(op, x.shape);
  const taps = perAxis(op, "window", window, extents.length, 1);
  const { stride = taps, padding = 0, dilation = 1, ceilMode = false } = options;
  const axes = windowAxes(op, extents.length, { stride, padding, dilation });
  if (axes.some(({ before }, d) => 2 * before > (taps[d] ?? 1))) {
    throw new ValueError(op, "padding must be at most half of the window", {
      expected: `at most ${formatShape(taps.map((n) => Math.floor(n / 2)))}`,
      got: formatShape(axes.map(({ before }) => before)),
    });
  }
  const counts = windowCounts(op, extents, taps, axes);
  const asked = axes.map(({ before }) => before);
  if (!ceilMode) return { window: taps, axes, counts, padding: asked };
  const more = axes.map((axis, d) => withLast(axis, extents[d] ?? 0, taps[d] ?? 1, counts[d] ?? 0));
  return {
    window: taps,
    axes: more.map(({ axis }) => axis),
    counts: more.map(({ count }) => count),
    padding: asked,
  };
}

/** One window more, if one is left over that starts inside the input or in front of it. */
function withLast(
  axis: WindowAxis,
  extent: number,
  taps: number,
  count: number,
): { axis: WindowAxis; count: number } {
  const rest = extent + axis.before + axis.after - span(taps, axis) - (count - 1) * axis.stride;
  const starts = count * axis.stride < extent + axis.before;
  if (rest === 0 || !starts) return { axis, count };
  return { axis: { ...axis, after: axis.after + axis.stride - rest }, count: count + 1 };
}
