// Tables of addresses: where the elements along one or several axes lie, counted from the first.

import { sizeOf } from "@chainrule/kernel";

/**
 * `Σ indexᵢ · stridesᵢ` for every index within `extents`, in row-major order. A table
 * may be longer than that, and is shared: never write into one.
 */
export function addresses(extents: readonly number[], strides: readonly number[]): Int32Array {
  const count = sizeOf(extents);
  // Axes that lie in one run are one.
  if (isRun(extents, strides)) return progression(strides.at(-1) ?? 0, count);
  const table = new Int32Array(count);
  let filled = 1;
  for (const [axis, n] of extents.entries()) {
    const stride = strides[axis] ?? 0;
    // Backwards and in place: each entry becomes n of them.
    for (let i = filled - 1; i >= 0; i--) {
      const start = table[i] as number;
      for (let j = n - 1; j >= 0; j--) table[i * n + j] = start + j * stride;
    }
    filled *= n;
  }
  return table;
}

function isRun(extents: readonly number[], strides: readonly number[]): boolean {
  for (let axis = extents.length - 1; axis > 0; axis--)
    if (strides[axis - 1] !== (strides[axis] ?? 0) * (extents[axis] ?? 0)) return false;
  return true;
}

const progressions = new Map<number, Int32Array>();
/** Tables kept, and entries of one that is kept: 16 MB at most. */
const capacity = 256;
const longest = 1 << 14;

/** 0, stride, 2 · stride, … of at least `count` entries. */
function progression(stride: number, count: number): Int32Array {
  const known = progressions.get(stride);
  if (known !== undefined && known.length >= count) return known;
  const made = new Int32Array(Math.max(64, count));
  for (let i = 0; i < made.length; i++) made[i] = i * stride;
  if (made.length > longest) return made;
  if (progressions.size >= capacity) progressions.clear();
  progressions.set(stride, made);
  return made;
}
