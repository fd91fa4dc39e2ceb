// Slicing along every axis at once: the primitive under `at`, `flip` and `split`.

import type { DType } from "@chainrule/kernel";
import type { Attrs } from "../../op/primitive.js";
import { defineView, type ViewOp, viewOf } from "../../op/view.js";
import type { Tensor } from "../../tensor/tensor.js";
import { padInterior } from "../join/pad.js";

/**
 * Which elements of an axis a slice takes: `count` of them from `start` on, `step` apart.
 *
 * @internal
 */
export interface AxisSlice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

interface SliceAttrs extends Attrs {
  readonly slices: readonly AxisSlice[];
}

const sliceView: ViewOp<SliceAttrs> = defineView<SliceAttrs>({
  name: "slice",
  view: ({ strides }, { slices }) => {
    // A view of no elements starts where its operand does, never beyond its end.
    const isEmpty = slices.some(({ count }) => count === 0);
    const start = slices.reduce((sum, slice, axis) => sum + slice.start * (strides[axis] ?? 0), 0);
    return viewOf(
      slices.map(({ count }) => count),
      slices.map(({ step }, axis) => step * (strides[axis] ?? 0)),
      isEmpty ? 0 : start,
    );
  },
  // The gradient goes back to where the elements came from, zeros between and around them.
  vjp: (grad, saved) => {
    const { shape } = saved.spec(0);
    const { slices } = saved.attrs;
    const backwards = slices.some(({ step }) => step < 0);
    const forwards = backwards ? sliceAxes(grad, slices.map(reversal)) : grad;
    return padInterior(
      forwards,
      slices.map((slice, axis) => margins(slice, shape[axis] ?? 0)),
    );
  },
  batch: ([x], _batched, { slices }) =>
    sliceAxes(x as Tensor, [{ start: 0, step: 1, count: (x as Tensor).shape[0] ?? 0 }, ...slices]),
});

/**
 * The view of `x` that takes `slices`, one for each axis; they must lie inside.
 *
 * @internal
 */
export function sliceAxes<D extends DType>(x: Tensor<D>, slices: readonly AxisSlice[]): Tensor<D> {
  const key = slices.map(({ start, step, count }) => `${start}:${step}:${count}`).join();
  return sliceView(x, { key, slices }) as Tensor<D>;
}

/**
 * The view of `x` that takes `count` elements from `start` on along `axis`; they must lie inside.
 *
 * @internal
 */
export function sliceAxis<D extends DType>(
  x: Tensor<D>,
  axis: number,
  start: number,
  count: number,
): Tensor<D> {
  const whole = x.shape.map((n): AxisSlice => ({ start: 0, step: 1, count: n }));
  return sliceAxes(x, whole.with(axis, { start, step: 1, count }));
}

/** The slice of the gradient that undoes the direction of `slice`. */
function reversal({ step, count }: AxisSlice): AxisSlice {
  return step < 0
    ? { start: Math.max(0, count - 1), step: -1, count }
    : { start: 0, step: 1, count };
}

/** The padding that puts `count` elements back at their places on an axis of extent `n`. */
function margins(
  { start, step, count }: AxisSlice,
  n: number,
): { before: number; after: number; between: number } {
  if (count === 0) return { before: n, after: 0, between: 0 };
  const first = step < 0 ? start + (count - 1) * step : start;
  const span = (count - 1) * Math.abs(step) + 1;
  return { before: first, after: n - first - span, between: Math.abs(step) - 1 };
}
