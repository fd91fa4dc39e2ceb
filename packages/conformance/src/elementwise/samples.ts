// The elements that elementwise functions are tried on, by dtype.

import type { DType } from "@chainrule/kernel";

/** Everyday numbers: ties, whole and broken, small and large, both signs. */
const floats: readonly number[] = [
  0.5, -0.5, 1, -1, 2, -2, 0.75, -3.25, 1.5, 2.5, 7.25, -0.125, 3, 0, 20, -20, 100, -100, 1e-3,
];

const special: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1,
  -1,
  0.5,
  -2,
  3,
];

const byDType: Readonly<Partial<Record<DType, readonly number[]>>> = {
  int32: [0, 1, -1, 2, -3, 5, -7, 10, 2, 1],
  uint8: [0, 1, 2, 3, 5, 7, 10, 4, 6, 9],
  bool: [1, 0, 0, 1, 1, 1, 0],
};

/** Numbers that are not special, for `dtype`; the same ones for every float dtype. */
export function samplesOf(dtype: DType): readonly number[] {
  return byDType[dtype] ?? [...floats, ...seeded(45)];
}

/** The IEEE special values among ordinary ones; every combination of `arity` of them. */
export function specialOperands(arity: number): number[][] {
  const combine = (rest: number): number[][] =>
    rest === 0 ? [[]] : combine(rest - 1).flatMap((head) => special.map((x) => [...head, x]));
  const rows = combine(arity);
  return Array.from({ length: arity }, (_, i) => rows.map((row) => row[i] ?? 0));
}

/** `count` numbers in (-4, 4) that float32 holds exactly; the same ones every time. */
function seeded(count: number): number[] {
  let state = 20261;
  return Array.from({ length: count }, () => {
    // Numerical Recipes' 32-bit linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround((state / 2 ** 32) * 8 - 4);
  });
}

/** `count` elements of `samples`, going round, starting at `start`. */
export function cycle(samples: readonly number[], count: number, start = 0): number[] {
  return Array.from({ length: count }, (_, i) => samples[(start + i) % samples.length] ?? 0);
}
