// Broadcasting: shapes are aligned at their last axes; an axis of extent 1, or a missing one,
// stretches to the other's extent.

import { type Layout, layout } from "@chainrule/kernel";
import { formatShape, ShapeError } from "../errors.js";

/**
 * The shape that `shapes` broadcast to.
 *
 * Throws: {@link ShapeError} when two extents differ and neither is 1.
 */
export function broadcastShapes(op: string, shapes: readonly (readonly number[])[]): number[] {
  const ndim = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(ndim).fill(1);
  for (const shape of shapes) {
    const shift = ndim - shape.length;
    for (const [axis, n] of shape.entries()) {
      const seen = result[axis + shift] ?? 1;
      if (n === seen || n === 1) continue;
      if (seen !== 1) throw broadcastError(op, shapes);
      result[axis + shift] = n;
    }
  }
  return result;
}

function broadcastError(op: string, shapes: readonly (readonly number[])[]): ShapeError {
  return new ShapeError(op, "shapes must broadcast", {
    expected: "each pair of trailing extents to be equal or one of them 1",
    got: shapes.map(formatShape).join(" and "),
    fix: "Reshape or expandDims one side so that the axes line up.",
  });
}

/** `source` seen with `shape`: stretched axes get stride 0. Assumes that the shapes broadcast. */
export function broadcastLayout(source: Layout, shape: readonly number[]): Layout {
  const shift = shape.length - source.ndim;
  const strides = shape.map((n, axis) => {
    const own = source.shape[axis - shift];
    return own === undefined || (own === 1 && n !== 1) ? 0 : (source.strides[axis - shift] ?? 0);
  });
  return layout(shape, strides);
}

/** The axes of `to` along which `from` was stretched or missing: a gradient is summed over them. */
export function stretchedAxes(from: readonly number[], to: readonly number[]): number[] {
  const shift = to.length - from.length;
  const axes: number[] = [];
  for (const [axis, n] of to.entries()) {
    if (axis < shift || (from[axis - shift] === 1 && n !== 1)) axes.push(axis);
  }
  return axes;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
