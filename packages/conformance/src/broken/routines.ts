// The routines of the contract in plain loops, with a part left open for what goes wrong.

import type { Backend, Routines, ScanReducer } from "@chainrule/core";
import { type Operand, sizeOf } from "@chainrule/kernel";
import { elementsOf, writeElements } from "./wrap.js";

/** The row-major positions of the lines of `x` along `axis`. */
function linesOf({ layout: { shape } }: Operand, axis: number): number[][] {
  const n = shape[axis] ?? 1;
  const step = sizeOf(shape.slice(axis + 1));
  const count = n === 0 ? 0 : sizeOf(shape) / n;
  return Array.from({ length: count }, (_, line) => {
    const start = Math.floor(line / step) * step * n + (line % step);
    return Array.from({ length: n }, (_, i) => start + i * step);
  });
}

/** `place` says where an index points in an axis of an extent, `add` what is there then. */
export function scatterWith(
  good: Backend,
  place: (index: number, extent: number) => number | undefined,
  add: (sum: number, value: number, old: number) => number,
): Routines["scatterAdd"] {
  return (base, index, source, axis, output) => {
    const old = elementsOf(good, base);
    const data = [...old];
    const [indices, values] = [elementsOf(good, index), elementsOf(good, source)];
    const targets = linesOf(base, axis);
    for (const [l, line] of linesOf(source, axis).entries()) {
      const target = targets[l] ?? [];
      for (const p of line) {
        const at = target[place(indices[p] ?? 0, target.length) ?? -1];
        if (at !== undefined) data[at] = add(data[at] ?? 0, values[p] ?? 0, old[at] ?? 0);
      }
    }
    writeElements(good, output, data);
  };
}

/** `combine` makes of the elements so far and the next one those up to it. */
export function scanWith(
  good: Backend,
  combine: (reduce: ScanReducer, total: number, next: number) => number,
): Routines["scan"] {
  return (x, axis, reduce, output) => {
    const data = elementsOf(good, x);
    for (const line of linesOf(x, axis)) {
      for (const [i, p] of line.entries()) {
        const before = line[i - 1];
        if (before !== undefined) data[p] = combine(reduce, data[before] ?? 0, data[p] ?? 0);
      }
    }
    writeElements(good, output, data);
  };
}

/** `order` gives the positions of the elements of a line in the order that sorts them. */
export function rankWith(
  good: Backend,
  order: (line: readonly number[], descending: boolean) => readonly number[],
): Routines["rank"] {
  return (x, axis, descending, output) => {
    const data = elementsOf(good, x);
    const ranks = new Array<number>(data.length).fill(0);
    for (const line of linesOf(x, axis)) {
      const elements = line.map((p) => data[p] ?? 0);
      for (const [rank, i] of order(elements, descending).entries()) ranks[line[i] ?? 0] = rank;
    }
    writeElements(good, output, ranks);
  };
}
