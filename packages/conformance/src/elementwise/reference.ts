// What an elementwise function should give, computed here in float64 from plain JS functions.

import type { DType } from "@chainrule/kernel";
import { storedAs } from "../values.js";
import type { DTypeRule } from "./promotion.js";

/** One element of the result from one element of each operand, in plain JavaScript. */
export type Reference = (...operands: number[]) => number | boolean;

/** An elementwise function under test and what it should give. */
export interface ElementwiseSpec {
  readonly arity: number;
  readonly rule: DTypeRule;
  readonly reference: Reference;
  /** For operands computed in int32 or uint8, where that is another function. */
  readonly integers?: Reference | undefined;
  /** The elements to try instead of the usual ones, where the reference is a table. */
  readonly samples?: readonly number[] | undefined;
}

/**
 * The expected elements for operands computed in `dtype`; ints wrap to their width.
 */
export function expectedOf(
  spec: ElementwiseSpec,
  dtype: DType,
  operands: readonly (readonly number[])[],
): number[] {
  const isInt = dtype === "int32" || dtype === "uint8";
  const fn = isInt ? (spec.integers ?? spec.reference) : spec.reference;
  const stored = operands.map((data) => storedAs(data, dtype));
  const length = operands[0]?.length ?? 0;
  return Array.from({ length }, (_, i) => {
    const value = Number(fn(...stored.map((data) => data[i] ?? Number.NaN)));
    if (dtype === "int32") return value | 0;
    return dtype === "uint8" ? value & 255 : value;
  });
}

/** A reference that knows the results of the listed elements only. */
export function tableReference(inputs: readonly number[], outputs: readonly number[]): Reference {
  const table = new Map<number, number>();
  for (const [i, x] of inputs.entries()) {
    table.set(x, outputs[i] ?? Number.NaN);
    table.set(Math.fround(x), outputs[i] ?? Number.NaN);
  }
  return (x) => table.get(x ?? 0) ?? Number.NaN;
}
