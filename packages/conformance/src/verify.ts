// Runs an operation on a backend and compares what it gives with what was expected.

import type { Tensor } from "@chainrule/core";
import type { DType, TypedArray } from "@chainrule/kernel";
import { type Arrangement, arranged } from "./arrange.js";
import type { Bench } from "./check.js";
import { type Tolerance, toleranceFor } from "./tolerance.js";
import { ulpDistance } from "./ulp-distance.js";
import { dtypeIn, type HostArray, storedAs } from "./values.js";

/** A function under test. Numbers among the operands of a case are passed as numbers. */
export type Subject = (...operands: Tensor[]) => Tensor | Promise<Tensor>;

/** An operand: an array, or a JS number. */
export type Operand = HostArray | number;

/** One comparison. */
export interface Comparison {
  readonly op: string;
  readonly subject: Subject;
  readonly operands: readonly Operand[];
  readonly expected: HostArray;
  /** The dtype of arrays whose dtype is "float". */
  readonly float: DType;
  readonly arrangement?: Arrangement;
  readonly tolerance?: Tolerance;
  /** How exact expected floats are, relative to themselves; default: fully. */
  readonly digits?: number;
  /** Whether 0 and -0 are told apart. */
  readonly signedZeros?: boolean;
}

/** Makes the operands of a comparison on the backend of `bench`. */
export function operandsOn(
  { backend }: Pick<Bench, "backend">,
  {
    operands,
    float,
    arrangement = "row-major",
  }: Pick<Comparison, "operands" | "float" | "arrangement">,
): Tensor[] {
  return operands.map((operand) =>
    typeof operand === "number"
      ? (operand as unknown as Tensor)
      : arranged(backend, operand.data, operand.shape, dtypeIn(operand, float), arrangement),
  );
}

/** An operand of the same kind with its elements in another order, so that every index is still valid. */
export function turned(operand: Operand): Operand {
  return typeof operand === "number" ? operand : { ...operand, data: operand.data.toReversed() };
}

/** Throws unless the subject gives what is expected: shape, dtype and elements. */
export async function verify(bench: Bench, comparison: Comparison): Promise<void> {
  const operands = comparison.operands.map(turned);
  const run = bench.prepared(comparison.subject, () =>
    operandsOn(bench, { ...comparison, operands }),
  );
  await verifyResult(bench, comparison, await run(...operandsOn(bench, comparison)));
}

/** Throws unless `result` is what is expected: shape, dtype and elements. */
export async function verifyResult(
  bench: Bench,
  comparison: Omit<Comparison, "subject" | "operands" | "arrangement">,
  result: Tensor,
): Promise<void> {
  const { expected, float } = comparison;
  const dtype = dtypeIn(expected, float);
  if (`${result.shape}` !== `${expected.shape}`) {
    throw new Error(`shape: expected [${expected.shape}], got [${result.shape}]`);
  }
  if (result.dtype !== dtype) throw new Error(`dtype: expected ${dtype}, got ${result.dtype}`);
  compareElements(bench, comparison, await result.data(), expected.data, dtype);
}

/** Throws where an element is further from the expected one than the tolerance allows. */
export function compareElements(
  bench: Bench,
  options: Pick<Comparison, "op" | "tolerance" | "digits" | "signedZeros">,
  got: TypedArray,
  expected: readonly number[],
  dtype: DType,
): void {
  const { op, digits = 0, signedZeros = false } = options;
  const tolerance = options.tolerance ?? toleranceFor(op, dtype);
  const wanted = storedAs(expected, dtype);
  if (got.length !== wanted.length) {
    throw new Error(`expected ${wanted.length} elements, got ${got.length}`);
  }
  let worst = 0;
  for (const [i, e] of wanted.entries()) {
    const g = got[i] ?? Number.NaN;
    const distance = ulpDistance(g, e, dtype, tolerance.floor);
    const literal = Number.isFinite(e) && Math.abs(g - e) <= digits * Math.abs(e);
    const sign = !signedZeros || e !== 0 || g !== 0 || Object.is(g, e);
    if (!literal) worst = Math.max(worst, distance);
    if (sign && (literal || distance <= tolerance.ulp)) continue;
    bench.measure(op, dtype, worst);
    const far = Number.isFinite(distance) ? `${distance.toPrecision(3)} ULP off, ` : "";
    throw new Error(
      `element ${i}: expected ${text(e)}, got ${text(g)} (${far}allowed ${tolerance.ulp}: ${tolerance.reason})`,
    );
  }
  bench.measure(op, dtype, worst);
}

/** Throws unless `condition`. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function text(x: number): string {
  return Object.is(x, -0) ? "-0" : `${x}`;
}
