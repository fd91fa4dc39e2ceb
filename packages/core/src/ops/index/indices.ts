// What a tensor of indices must be.

import { ensureTensor } from "../../engine/apply.js";
import { DTypeError, formatShape, ShapeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Throws: {@link DTypeError} unless `indices` is a tensor of whole numbers.
 *
 * @internal
 */
export function ensureIndices(op: string, indices: Tensor): void {
  ensureTensor(op, indices);
  if (indices.dtype === "int32" || indices.dtype === "uint8") return;
  throw new DTypeError(op, "indices must be whole numbers", {
    expected: "an int32 or uint8 tensor",
    got: indices.dtype,
    fix:
      indices.dtype === "bool"
        ? "Select by a mask with await maskedSelect(x, mask), or choose with where."
        : 'Make it with { dtype: "int32" }, or convert with astype("int32").',
  });
}

/**
 * Throws: {@link DTypeError} unless `indices` is a tensor of whole numbers, {@link ShapeError} unless
 * it has as many axes as `x`.
 *
 * @internal
 */
export function ensureIndicesAlong(op: string, x: Tensor, indices: Tensor): void {
  ensureTensor(op, x);
  ensureIndices(op, indices);
  if (indices.ndim === x.ndim) return;
  throw new ShapeError(op, "indices must have as many axes as the tensor", {
    expected: `${x.ndim} axes, for shape ${formatShape(x.shape)}`,
    got: formatShape(indices.shape),
    fix: "Add axes with expandDims, or pick whole slices with take.",
  });
}
