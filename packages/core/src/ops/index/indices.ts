// What a tensor of indices must be.

import { ensureTensor } from "../../engine/apply.js";
import { DTypeError } from "../../errors.js";
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
    fix: 'Make it with { dtype: "int32" }, or convert with astype("int32").',
  });
}
