// What a mask must be, and where it is true: results whose size depends on elements need these read.

import { ensureTensor } from "../../engine/apply.js";
import { DTypeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Throws: {@link DTypeError} unless `mask` is a bool tensor.
 *
 * @internal
 */
export function ensureMask(op: string, mask: Tensor): void {
  ensureTensor(op, mask);
  if (mask.dtype === "bool") return;
  throw new DTypeError(op, "a mask must be bool", {
    expected: "a bool tensor",
    got: mask.dtype,
    fix: 'Compare, as in x.greater(0), or convert with astype("bool").',
  });
}

/**
 * The row-major positions of the elements of `x` that are not zero.
 *
 * @internal
 */
export async function truePositions(x: Tensor): Promise<Int32Array> {
  const data = await x.data();
  const found = new Int32Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) found[count++] = i;
  return found.slice(0, count);
}
