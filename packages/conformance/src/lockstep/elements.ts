// Elements by their place in an array.

import type { HostOperand } from "@chainrule/kernel";

/** The index along each axis of element `at` of a row-major array. */
export function indexOf(at: number, shape: readonly number[]): number[] {
  const index = shape.map(() => 0);
  let rest = at;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis] ?? 1;
    index[axis] = rest % n;
    rest = Math.floor(rest / n);
  }
  return index;
}

/** Up to `count` first elements of an operand, row-major. */
export function firstElements({ data, layout, offset }: HostOperand, count: number): number[] {
  return Array.from({ length: Math.min(count, layout.size) }, (_, i) => {
    const place = indexOf(i, layout.shape).reduce(
      (sum, at, axis) => sum + at * (layout.strides[axis] ?? 0),
      offset,
    );
    return data[place] ?? Number.NaN;
  });
}
