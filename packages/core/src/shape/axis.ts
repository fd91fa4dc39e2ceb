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
      fix: ndim === 0 ? "" : `The last of ${ndim} axes is ${ndim - 1} or -1.`,
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
  ensureList(op, axes);
  const resolved = axes.map((axis) => resolveAxis(op, axis, shape));
  ensureDistinct(op, axes, resolved, shape);
  return resolved.sort((a, b) => a - b);
}

/** A full reordering of the axes. */
export function resolvePermutation(
  op: string,
  axes: readonly number[],
  shape: readonly number[],
): number[] {
  ensureList(op, axes);
  const resolved = axes.map((axis) => resolveAxis(op, axis, shape));
  if (resolved.length !== shape.length) {
    throw new AxisError(op, "a permutation names every axis once", {
      expected: `${shape.length} axes`,
      got: `[${axes}] for shape ${formatShape(shape)}`,
      fix: "To exchange two axes use transpose, to move some of them moveaxis.",
    });
  }
  ensureDistinct(op, axes, resolved, shape);
  return resolved;
}

function ensureList(op: string, axes: unknown): void {
  if (Array.isArray(axes)) return;
  throw new AxisError(op, "axes are numbers", {
    expected: "an integer or a list of integers",
    got: formatValue(axes),
    fix: "Options come after the axis: sum(x, undefined, { keepdims: true }).",
  });
}

function ensureDistinct(
  op: string,
  axes: readonly number[],
  resolved: readonly number[],
  shape: readonly number[],
): void {
  if (new Set(resolved).size === axes.length) return;
  throw new AxisError(op, "axes must be distinct", {
    expected: "each axis at most once",
    got: `[${axes}] for shape ${formatShape(shape)}`,
    fix: "Negative axes count from the end.",
  });
}

/** Throws: {@link AxisError} for fewer than two axes. */
export function ensureMatrix(op: string, shape: readonly number[]): void {
  if (shape.length > 1) return;
  throw new AxisError(op, "a matrix has two axes", {
    expected: "2 axes at least",
    got: `shape ${formatShape(shape)}`,
    fix: "Add an axis with expandDims.",
  });
}
