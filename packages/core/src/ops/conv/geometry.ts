// Where the windows of a convolution or a pooling lie, as users say it and as operations use it.

import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";

/** A number for every spatial axis, or one number for each. */
export type PerAxis = number | readonly number[];

/** How windows lie along the spatial axes. */
export interface WindowOptions {
  /** Elements between the starts of neighbouring windows; default 1. */
  readonly stride?: PerAxis | undefined;
  /** Elements between neighbouring taps of a window; default 1. */
  readonly dilation?: PerAxis | undefined;
}

/** Windows over an axis with elements added at both of its ends. */
export interface PaddedWindowOptions extends WindowOptions {
  /** Elements added at both ends; default 0. */
  readonly padding?: PerAxis | undefined;
}

/**
 * One spatial axis, as backends see it: tap k of window y lies at position
 * `y · stride + k · dilation - before`.
 */
export interface WindowAxis {
  readonly stride: number;
  readonly dilation: number;
  /** Elements added in front and behind. */
  readonly before: number;
  readonly after: number;
}

/**
 * The spatial extents of an array [N, C, ...S]. Throws: {@link ShapeError} unless there are 1 to 3.
 *
 * @internal
 */
export function spatialExtents(op: string, shape: readonly number[]): readonly number[] {
  const extents = shape.slice(2);
  if (extents.length >= 1 && extents.length <= 3) return extents;
  throw new ShapeError(op, "the input has 1 to 3 spatial axes after the first two", {
    expected: "[N, C, ...S]",
    got: formatShape(shape),
    fix: "Add the axis of examples, or of channels: x.expandDims(0).",
  });
}

/**
 * `value` for each of `count` spatial axes.
 *
 * Throws: {@link ValueError} unless every number is whole and at least `least`.
 *
 * @internal
 */
export function perAxis(
  op: string,
  name: string,
  value: PerAxis,
  count: number,
  least: number,
): readonly number[] {
  const values = typeof value === "number" ? new Array<number>(count).fill(value) : value;
  const isList = Array.isArray(values) && values.length === count;
  if (isList && values.every((n) => Number.isInteger(n) && n >= least)) return values;
  throw new ValueError(op, `${name} must suit the ${count} spatial axes`, {
    expected: `a whole number from ${least} on, or ${count} of them`,
    got: formatValue(value),
  });
}

/**
 * The axes of windows as options say.
 *
 * @internal
 */
export function windowAxes(
  op: string,
  count: number,
  { stride = 1, dilation = 1, padding = 0 }: PaddedWindowOptions,
): WindowAxis[] {
  const strides = perAxis(op, "stride", stride, count, 1);
  const dilations = perAxis(op, "dilation", dilation, count, 1);
  const paddings = perAxis(op, "padding", padding, count, 0);
  return paddings.map((width, d) => ({
    stride: strides[d] ?? 1,
    dilation: dilations[d] ?? 1,
    before: width,
    after: width,
  }));
}

/**
 * The number of elements a window of `taps` taps spans.
 *
 * @internal
 */
export function span(taps: number, { dilation }: WindowAxis): number {
  return (taps - 1) * dilation + 1;
}

/**
 * How many windows fit along each axis.
 *
 * Throws: {@link ShapeError} when an axis is shorter than its window.
 *
 * @internal
 */
export function windowCounts(
  op: string,
  extents: readonly number[],
  window: readonly number[],
  axes: readonly WindowAxis[],
): number[] {
  const spans = axes.map((axis, d) => span(window[d] ?? 1, axis));
  const padded = axes.map(({ before, after }, d) => (extents[d] ?? 0) + before + after);
  if (padded.some((n, d) => n < (spans[d] ?? 1))) {
    throw new ShapeError(op, "a window must fit in its padded axis", {
      expected: `spatial extents of at least ${formatShape(spans)}`,
      got: `${formatShape(padded)}, padding included`,
      fix: "Use a smaller window or dilation, or more padding.",
    });
  }
  return axes.map(({ stride }, d) => Math.floor(((padded[d] ?? 0) - (spans[d] ?? 1)) / stride + 1));
}

/**
 * A text for all that a kernel over these windows depends on.
 *
 * @internal
 */
export function windowKey(axes: readonly WindowAxis[]): string {
  return axes.map((a) => `${a.stride},${a.dilation},${a.before},${a.after}`).join(";");
}
