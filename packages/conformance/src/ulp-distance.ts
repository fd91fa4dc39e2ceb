// Distances between floats in units in the last place.

import type { DType } from "@chainrule/kernel";

interface Format {
  /** Binary digits after the leading one. */
  readonly digits: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
}

const formats: Partial<Readonly<Record<DType, Format>>> = {
  float16: { digits: 10, minExponent: -14 },
  float32: { digits: 23, minExponent: -126 },
  float64: { digits: 52, minExponent: -1022 },
};

/**
 * The gap between neighbouring numbers of `dtype` at the size of `x`; 1 for ints and bool.
 *
 * @example
 * ulpOf(1, "float32") // => 2 ** -23
 */
export function ulpOf(x: number, dtype: DType): number {
  const format = formats[dtype];
  if (format === undefined) return 1;
  const exponent = x === 0 ? format.minExponent : exponentOf(Math.abs(x));
  return 2 ** (Math.max(exponent, format.minExponent) - format.digits);
}

/**
 * How far `got` is from `expected`, in gaps between neighbours at the size of `expected` or of
 * `floor`, whichever is larger. 0 for two NaN or equal infinities, Infinity where only one side is
 * NaN or infinite.
 *
 * @example
 * ulpDistance(1 + 2 ** -22, 1, "float32") // => 2
 */
export function ulpDistance(got: number, expected: number, dtype: DType, floor = 0): number {
  if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
  return Math.abs(got - expected) / ulpOf(Math.max(Math.abs(expected), floor), dtype);
}

function exponentOf(x: number): number {
  // log2 may round up just below a power of two.
  const guess = Math.floor(Math.log2(x));
  return 2 ** guess > x ? guess - 1 : guess;
}
