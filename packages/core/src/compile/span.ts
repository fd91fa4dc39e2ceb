// The part of an array that a tensor sees.

import type { Tensor } from "../tensor/tensor.js";

/** The elements of its storage that `x` can see: how many, and how many of them lie before its first. */
export function spanOf({ layout: { shape, strides, size } }: Tensor): {
  readonly length: number;
  readonly before: number;
} {
  if (size === 0) return { length: 0, before: 0 };
  let [before, after] = [0, 0];
  for (const [axis, n] of shape.entries()) {
    const reach = (n - 1) * (strides[axis] ?? 0);
    if (reach < 0) before -= reach;
    else after += reach;
  }
  return { length: before + after + 1, before };
}
