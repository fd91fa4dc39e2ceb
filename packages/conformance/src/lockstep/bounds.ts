// How far the result of an operation on given operands may be from that of another backend on the same.

import { type DType, isFloat, type TypedArray } from "@chainrule/kernel";
import { type Tolerance, toleranceFor } from "../tolerance.js";
import { ulpDistance } from "../ulp-distance.js";
import { after, all, type Late } from "./late.js";

/** How operations that only the engine calls are known to the suite. */
const aliases: Readonly<Record<string, string>> = {
  bitsToUniform: "astype",
  clipAbove: "clip",
  clipBelow: "clip",
  contract: "matmul",
  convInputGrad: "conv",
  convWeightGrad: "conv",
  firstMax: "max",
  overlapAdd: "fold",
  place: "pad",
  reluMask: "where",
};

/** Operations whose elements are sums: of how many terms, of which size, the operands say. */
const sums: ReadonlySet<string> = new Set([
  "contract",
  "conv",
  "convInputGrad",
  "convWeightGrad",
  "cumulativeSum",
  "matmul",
  "overlapAdd",
  "scatterAdd",
  "sum",
]);

/** The tolerance of operations that the suite has no line for. */
const guess = toleranceFor("", "float32").reason;

/** Smaller results may be flushed to 0. */
const smallest = toleranceFor("add", "float32").floor;

const whole: Tolerance = { ulp: 0, floor: 0, reason: "whole numbers are not rounded" };

const exact: Tolerance = { ulp: 0, floor: 0, reason: "nothing is computed: every bit stays" };

/** Other elements for operand `index` of an operation, of the same dtype. */
export type Change = (data: TypedArray, index: number) => TypedArray;

/** A tolerance chosen by the user, or undefined for the usual one. */
export type ToleranceOption = (op: string, dtype: DType) => Tolerance | undefined;

/** The element that is furthest off. */
export interface Worst {
  readonly at: number;
  readonly ulp: number;
  readonly tolerance: Tolerance;
  /** How many elements are further off than they may be. */
  readonly count: number;
}

/** Elements that are held against each other. */
export interface Results {
  readonly dtype: DType;
  readonly got: TypedArray;
  readonly expected: TypedArray;
}

/**
 * Compares two results. `rerun` computes the expected one for changed operands; it is called where a
 * first look is not enough.
 */
export function judge(
  op: string,
  results: Results,
  rerun: (change: Change) => Late<TypedArray>,
): Late<Worst> {
  const { dtype, expected } = results;
  if (!isFloat(dtype)) return worstOf(results, () => whole);
  const usual = toleranceFor(aliases[op] ?? op, dtype);
  if (sums.has(op)) {
    const atOnce = worstOf(results, () => sumTolerance(0, 0));
    if (atOnce.count === 0) return atOnce;
    const sizes = rerun(numbersOf(op, Math.abs));
    const counts = rerun(numbersOf(op, () => 1));
    return after(all([sizes, counts]), ([size, terms]) =>
      worstOf(results, (i) => sumTolerance(terms[i] ?? 0, size[i] ?? 0)),
    );
  }
  const worst = worstOf(results, () => usual);
  if (worst.count === 0 || usual.reason !== guess) return worst;
  return after(rerun(neighbours), (moved) =>
    worstOf(results, (i) => {
      const step = ulpDistance(moved[i] ?? 0, expected[i] ?? 0, dtype, usual.floor);
      return Number.isFinite(step) ? { ...usual, ulp: Math.max(usual.ulp, 2 * step) } : usual;
    }),
  );
}

/** The worst of all elements, given how far each may be off. */
export function worstOf(results: Results, toleranceAt: (i: number) => Tolerance): Worst {
  return scan(results, toleranceAt, false);
}

/** The worst of elements that must be the same, signs of zeros included. */
export function worstCopy(results: Results): Worst {
  return scan(results, () => exact, true);
}

function scan(
  { got, expected, dtype }: Results,
  toleranceAt: (i: number) => Tolerance,
  isCopy: boolean,
): Worst {
  let worst = { at: 0, ulp: 0, tolerance: toleranceAt(0) };
  let count = 0;
  for (let i = 0; i < expected.length; i++) {
    const g = got[i] ?? Number.NaN;
    const e = expected[i] ?? 0;
    if (isCopy ? Object.is(g, e) : g === e) continue;
    const tolerance = toleranceAt(i);
    const ulp = ulpDistance(g, e, dtype, tolerance.floor);
    const isOff = isCopy || ulp > tolerance.ulp;
    // One that is too far off is worse than all that are not.
    if ((isOff && count === 0) || (ulp > worst.ulp && (isOff || count === 0))) {
      worst = { at: i, ulp, tolerance };
    }
    if (isOff) count += 1;
  }
  return { ...worst, count };
}

/** n terms that are `size` together without their signs: n/2 units of that, and a few for the products. */
function sumTolerance(terms: number, size: number): Tolerance {
  return {
    ulp: 4 + terms / 2,
    floor: Number.isFinite(size) ? Math.max(size, smallest) : smallest,
    reason: "sums in an order of the backend's choice: n/2 units of the sum of absolute values",
  };
}

/** Changes the numbers that `op` adds up, but not the positions that tell where. */
function numbersOf(op: string, change: (x: number) => number): Change {
  return (data, index) => (op === "scatterAdd" && index === 1 ? data : data.map(change));
}

/** About one unit more in one operand, one less in the next: shows where rounded digits count. */
const neighbours: Change = (data, index) => {
  const digits = data instanceof Float64Array ? 52 : 23;
  const factor = 1 + (index % 2 === 0 ? 1 : -1) * 2 ** -digits;
  return data instanceof Float32Array || data instanceof Float64Array
    ? data.map((x) => x * factor)
    : data;
};
