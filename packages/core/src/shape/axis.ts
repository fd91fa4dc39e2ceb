// Axes as users write them (negative ones count from the end) made into axes as the engine uses
// them.

import { AxisError, formatShape, formatValue } from "../errors.js";

/** One axis or several; none given means all. */
export type Axis = number | readonly number[];

/** `axis` counted from 0. Throws: {@link AxisError} outside -ndim … ndim - 1. */
export function resolveAxis(op: string, axis: number, shape: readonly number[]): number {
  const ndim = shape.length;
  if (!Number.isInteger(axis) || axis < -ndim || axis >= ndim) {
    throw new AxisError(op, "axis must exist", {
      expected:
        ndim === 0 ? "no axis, as the tensor has none" : `an integer from ${-ndim} to ${ndim - 1}`,
      got: `${formatValue(axis)} for shape ${formatShape(shape)}`,
    });
  }
  return axis < 0 ? axis + ndim : axis;
}

/** `axes` counted from 0 in ascending order; all of them when undefined. */
export function resolveAxes(
  op: string,
  axes: Axis | undefined,
  shape: readonly number[],
): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  if (typeof axes === "number") return [resolveAxis(op, axes, shape)];
  const resolved = axes.map((axis) => resolveAxis(op, axis, shape));
  ensureDistinct(op, resolved, shape);
  return resolved.sort((a, b) => a - b);
}

/** A full reordering of the axes. */
export function resolvePermutation(
  op: string,
  axes: readonly number[],
  shape: readonly number[],
): number[] {
  const resolved = axes.map((axis) => resolveAxis(op, axis, shape));
  if (resolved.length !== shape.length) {
    throw new AxisError(op, "a permutation names every axis once", {
      expected: `${shape.length} axes`,
      got: `[${axes}] for shape ${formatShape(shape)}`,
    });
  }
  ensureDistinct(op, resolved, shape);
  return resolved;
}

function ensureDistinct(op: string, axes: readonly number[], shape: readonly number[]): void {
  if (new Set(axes).size === axes.length) return;
  throw new AxisError(op, "axes must be distinct", {
    expected: "each axis at most once",
    got: `[${axes}] for shape ${formatShape(shape)}`,
  });
}
