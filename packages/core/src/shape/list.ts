// Shapes as users write them.

import { formatValue, ShapeError } from "../errors.js";

/** Throws: {@link ShapeError} unless `shape` is a list. */
export function ensureShapeList(op: string, shape: unknown): asserts shape is readonly number[] {
  if (Array.isArray(shape)) return;
  throw new ShapeError(op, "a shape is a list of extents", {
    expected: "an array such as [2, 3]",
    got: formatValue(shape),
    fix: "Put the extents in brackets.",
  });
}
