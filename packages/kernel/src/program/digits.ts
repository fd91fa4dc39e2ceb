// Where in the loops of a kernel an element was computed that another kernel reads.

import type { Expr } from "../expr.js";
import { weightedSum } from "./affine.js";
import type { View } from "./program.js";

/**
 * The position in the shape of `written` of the element that is at `index` of `read`, a view of the
 * same buffer: one expression for each dimension of `written`. The address is split into digits,
 * the strides being their weights; undefined unless each index moves one digit and none overflows,
 * whatever the indices are. Slices, flips and transposes are found so, and axes that were merged.
 */
export function positionOf(
  read: View,
  index: readonly Expr[],
  written: View,
): readonly Expr[] | undefined {
  const { shape, strides } = written.layout;
  if (written.layout.size === 0 || !isNested(shape, strides)) return undefined;
  const terms = shape.map((): [Expr, number][] => []);
  const low = shape.map(() => 0);
  const high = shape.map(() => 0);
  const digits = shape.map((_, d) => d).sort((p, q) => (strides[q] ?? 0) - (strides[p] ?? 0));

  for (const [d, expr] of index.entries()) {
    const step = read.layout.strides[d] ?? 0;
    const last = Math.max(0, (read.layout.shape[d] ?? 1) - 1);
    if (step === 0 || last === 0) continue;
    const digit = digits.find((digit) => step % (strides[digit] ?? 0) === 0);
    if (digit === undefined) return undefined;
    const factor = step / (strides[digit] ?? 1);
    terms[digit]?.push([expr, factor]);
    if (factor > 0) high[digit] = (high[digit] ?? 0) + factor * last;
    else low[digit] = (low[digit] ?? 0) + factor * last;
  }

  // The smallest address has the smallest digits.
  let rest = read.offset - written.offset;
  for (const digit of digits) rest += (low[digit] ?? 0) * (strides[digit] ?? 0);
  const position = new Array<Expr>(shape.length);
  for (const digit of digits) {
    const weight = strides[digit] ?? 1;
    const smallest = Math.floor(rest / weight);
    rest -= smallest * weight;
    const largest = smallest + (high[digit] ?? 0) - (low[digit] ?? 0);
    if (smallest < 0 || largest >= (shape[digit] ?? 0)) return undefined;
    position[digit] = weightedSum(smallest - (low[digit] ?? 0), terms[digit] ?? []);
  }
  return rest === 0 ? position : undefined;
}

/** Whether every position has an address of its own, made of digits. */
function isNested(shape: readonly number[], strides: readonly number[]): boolean {
  const dims = shape.map((n, d) => [strides[d] ?? 0, n] as const).sort(([x], [y]) => x - y);
  let next = 1;
  for (const [stride, n] of dims) {
    if (stride < next) return false;
    next = stride * n;
  }
  return true;
}
