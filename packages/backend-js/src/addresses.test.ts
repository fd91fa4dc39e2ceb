import { expect, test } from "vitest";
import { addresses } from "./addresses.js";

/** By the definition, in row-major order. */
function listed(extents: readonly number[], strides: readonly number[]): number[] {
  return extents.reduce<number[]>(
    (all, n, axis) =>
      all.flatMap((start) => Array.from({ length: n }, (_, i) => start + i * (strides[axis] ?? 0))),
    [0],
  );
}

test("lists Σ index · stride in row-major order, whether axes lie in one run or not", () => {
  const extents = [0, 1, 2, 3];
  const steps = [-3, 0, 1, 2, 3];
  for (const m of extents)
    for (const n of extents)
      for (const a of steps)
        for (const b of steps) {
          const pair = [...addresses([m, n], [a, b])].slice(0, m * n);
          expect(pair, `[${m}, ${n}] by [${a}, ${b}]`).toEqual(listed([m, n], [a, b]));
          const three = [...addresses([2, m, n], [6, a, b])].slice(0, 2 * m * n);
          expect(three, `[2, ${m}, ${n}] by [6, ${a}, ${b}]`).toEqual(listed([2, m, n], [6, a, b]));
        }
  expect([...addresses([], [])].slice(0, 1)).toEqual([0]);
});

test("a longer table replaces a shorter one of the same stride", () => {
  for (const n of [3, 65, 1000, 20000, 5]) {
    expect([...addresses([n], [7])].slice(0, n)).toEqual(listed([n], [7]));
  }
});
