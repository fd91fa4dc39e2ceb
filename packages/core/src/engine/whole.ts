// Tensors that can be overwritten.

import { formatShape, ShapeError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";

/** Throws: ShapeError unless `target` is all of its storage, in order. */
export function ensureWhole(target: Tensor): void {
  const { layout, offset, storage } = target;
  if (layout.contiguous && offset === 0 && storage.length === layout.size) return;
  throw new ShapeError("assign", "the target must be a whole storage", {
    expected: "a tensor that is not a view of a part or in another order",
    got: `a view of shape ${formatShape(target.shape)}`,
    fix: "Assign to the tensor that the view was taken of.",
  });
}
