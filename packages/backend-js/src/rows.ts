// Walking through arrays row by row, a row being the positions along the last axis.

import type { Operand } from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";

/**
 * Visits the rows of arrays of `shape`, if they have elements: the length of a row, where it starts
 * in each array, and the step between neighbours.
 */
export function eachRow(
  shape: readonly number[],
  offsets: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (count: number, at: readonly number[], step: readonly number[]) => void,
): void {
  if (shape.includes(0)) return;
  const last = shape.length - 1;
  const steps = strides.map((s) => s[last] ?? 0);
  const walk = (axis: number, at: readonly number[]): void => {
    if (axis >= last) {
      visit(shape[last] ?? 1, at, steps);
      return;
    }
    const count = shape[axis] ?? 1;
    for (let i = 0; i < count; i++)
      walk(
        axis + 1,
        at.map((a, array) => a + i * (strides[array]?.[axis] ?? 0)),
      );
  };
  walk(0, offsets);
}

/** Visits the lines along `axis` of arrays of one shape as {@link eachRow} visits rows. */
export function eachLine(
  operands: readonly Operand[],
  axis: number,
  visit: (count: number, at: readonly number[], step: readonly number[]) => void,
): void {
  const shape = operands[0]?.layout.shape ?? [];
  const order = [...shape.keys()].filter((d) => d !== axis).concat(axis);
  const moved = (items: readonly number[]): number[] => order.map((d) => items[d] ?? 0);
  eachRow(
    moved(shape),
    operands.map(({ offset }) => offset),
    operands.map(({ layout }) => moved(layout.strides)),
    visit,
  );
}

/** Copies the elements of `source` to `target`, which has its shape. */
export function copyElements(source: Operand, target: Operand): void {
  const from = (source.buffer as JsBuffer).data;
  const to = (target.buffer as JsBuffer).data;
  eachRow(
    target.layout.shape,
    [source.offset, target.offset],
    [source.layout.strides, target.layout.strides],
    (count, [f = 0, t = 0], [fromStep = 0, toStep = 0]) => {
      if (fromStep === 1 && toStep === 1) to.set(from.subarray(f, f + count), t);
      else for (let i = 0; i < count; i++) to[t + i * toStep] = from[f + i * fromStep] as number;
    },
  );
}
