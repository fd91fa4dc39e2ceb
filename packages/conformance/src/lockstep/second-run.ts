// The run on the backend in question: all that happens is held against the first run, and every
// operation is run again on the trusted backend, on the operands that it had here.

import type { Backend, Input } from "@chainrule/core";
import { type ArrayOperand, repeat } from "@chainrule/core/observe";
import { newArray, type TypedArray } from "@chainrule/kernel";
import {
  type Change,
  judge,
  type Results,
  type ToleranceOption,
  type Worst,
  worstCopy,
  worstOf,
} from "./bounds.js";
import type {
  Agreement,
  Comparison,
  Difference,
  ElementDifference,
  OperandView,
  Place,
} from "./difference.js";
import { firstElements, indexOf } from "./elements.js";
import { type FirstRun, numbersAmong } from "./first-run.js";
import { after, all, type Late, read } from "./late.js";
import { type Operation, Run, type Step, type Upload } from "./run.js";

/** Ends the function under test once a difference is known. */
class Found extends Error {
  override readonly name = "Found";
}

/** What the second run is held against. */
export interface Expected {
  readonly run: FirstRun;
  readonly backend: Backend;
  readonly toleranceOf: ToleranceOption;
}

type Operand = ArrayOperand | number;

const nothing: TypedArray = newArray("float32", 0);

/** How many elements of an operand are shown. */
const shown = 8;

export class SecondRun extends Run {
  readonly #expected: Expected;
  #found: Difference | undefined;
  #worst: Agreement["worst"] = null;
  /** Set once elements had to be waited for: from then on findings come later, but in order. */
  #waiting: Promise<void> | undefined;

  constructor(backend: Backend, seedsOnHost: boolean, expected: Expected) {
    super(backend, seedsOnHost);
    this.#expected = expected;
  }

  /** What the run has shown, once all that was read has come; `failure` is what ended it early. */
  async conclusion(failure: { readonly error: unknown } | undefined): Promise<Comparison> {
    await this.#waiting;
    if (this.#found !== undefined) return this.#found;
    const next = this.#expected.run.steps[this.stepCount];
    const { op, text } = next ?? { op: "", text: theEnd };
    const end = { same: false, index: this.stepCount, op, expected: text, inputs: [] } as const;
    if (failure !== undefined) {
      const { error } = failure;
      return { ...end, kind: "error", ...this.scopes.whereThrown(error), got: error };
    }
    if (next !== undefined) return { ...end, kind: "sequence", ...this.scopes.here(), got: theEnd };
    return { same: true, operations: this.operations, worst: this.#worst };
  }

  protected override onUpload(upload: Upload): void {
    const { storage, given, written, index } = upload;
    const got = read(storage);
    written.data = got;
    const problem = this.#outOfStep(upload);
    if (problem !== undefined) this.#end(problem);
    const kept = given?.slice();
    const made = this.#expected.run.leaves.get(index) ?? nothing;
    this.#conclude(after(all([got, made]), ([g, m]) => this.#leaf(upload, g, m, kept)));
  }

  protected override onOperation(operation: Operation): void {
    const { inputs, output, sources, written, isView } = operation;
    const problem = this.#outOfStep(operation) ?? this.#otherNumber(operation);
    if (problem === undefined && isView) {
      this.#conclude(undefined);
      return;
    }
    const operands = all<readonly Operand[]>(inputs.map(operandOf));
    if (problem !== undefined) {
      this.#end(after(operands, (now) => ({ ...problem, inputs: this.#views(operation, now) })));
    }
    const got = read(output.storage);
    written.data = got;
    const before = all<readonly TypedArray[]>(sources.map((source) => source?.data ?? nothing));
    this.#conclude(
      after(
        all([operands, before, got]),
        ([now, once, g]) => this.#memory(operation, now, once) ?? this.#value(operation, now, g),
      ),
    );
  }

  /** Notes what a step has shown, and ends the run once a difference is known. */
  #conclude(finding: Late<Difference | undefined>): void {
    if (this.#waiting === undefined && !(finding instanceof Promise)) {
      this.#found ??= finding;
    } else if (finding !== undefined) {
      this.#waiting = this.#inTurn(finding, this.#waiting);
      // Whoever asks for the conclusion hears of a failure.
      this.#waiting.catch(() => {});
    }
    if (this.#found !== undefined) throw new Found();
  }

  #end(difference: Late<Difference>): never {
    this.#conclude(difference);
    throw new Found();
  }

  async #inTurn(
    finding: Late<Difference | undefined>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const [difference] = await Promise.all([finding, before]);
    this.#found ??= difference;
  }

  #outOfStep(step: Step): Difference | undefined {
    const expected = this.#expected.run.steps[step.index]?.text ?? theEnd;
    if (step.text === expected) return undefined;
    const place = placeOf(step);
    return { same: false, kind: "sequence", ...place, expected, got: step.text, inputs: [] };
  }

  /** Whether an uploaded array is what the backend was given, and what it was in the first run. */
  #leaf(
    upload: Upload,
    got: TypedArray,
    made: TypedArray,
    given: TypedArray | undefined,
  ): Difference | undefined {
    const { dtype } = upload.storage;
    const stored = { dtype, got, expected: given ?? got };
    const worst = worstCopy(stored);
    if (worst.count > 0) return difference("leaf", upload, upload.shape, stored, worst);
    const results = { dtype, got, expected: made };
    const other = this.#worstLeaf(results);
    if (other.count === 0) return undefined;
    return difference("leaf", { ...upload, op: "tensor" }, upload.shape, results, other);
  }

  /** Whether the numbers among the operands are those of the first run. */
  #otherNumber(operation: Operation): Difference | undefined {
    const got = numbersAmong(operation.inputs);
    const expected = this.#expected.run.numbers.get(operation.index) ?? got;
    const results = { dtype: "float64", got, expected } as const;
    const worst = this.#worstLeaf(results);
    if (worst.count === 0) return undefined;
    return { ...difference("leaf", operation, [], results, worst), operand: worst.at };
  }

  #worstLeaf(results: Results): Worst {
    const tolerance = this.#expected.toleranceOf("leaf", results.dtype);
    return tolerance === undefined ? worstCopy(results) : worstOf(results, () => tolerance);
  }

  /** Whether all operands are still what was written to them. */
  #memory(
    operation: Operation,
    operands: readonly Operand[],
    written: readonly TypedArray[],
  ): Difference | undefined {
    for (const [i, operand] of operands.entries()) {
      if (typeof operand === "number") continue;
      const { data: got, dtype } = operand;
      const results = { dtype, got, expected: written[i] ?? got };
      const worst = worstCopy(results);
      if (worst.count === 0) continue;
      const found = difference("memory", operation, [got.length], results, worst);
      return { ...found, operand: i, inputs: this.#views(operation, operands) };
    }
    return undefined;
  }

  /** Whether the trusted backend gives the same result for the same operands. */
  #value(
    operation: Operation,
    operands: readonly Operand[],
    got: TypedArray,
  ): Late<Difference | undefined> {
    const { op, output, primitive, attrs } = operation;
    const { dtype, shape } = output;
    const { backend, toleranceOf } = this.#expected;
    const rerun = (change: Change): Late<TypedArray> => {
      const changed = operands.map((operand, i) =>
        typeof operand === "number" ? operand : { ...operand, data: change(operand.data, i) },
      );
      const result = repeat(backend, primitive, changed, attrs);
      try {
        return read(result.storage);
      } finally {
        result.dispose();
      }
    };
    return after(
      rerun((data) => data),
      (expected) => {
        const results = { dtype, got, expected };
        const tolerance = toleranceOf(op, dtype);
        const judged =
          tolerance === undefined ? judge(op, results, rerun) : worstOf(results, () => tolerance);
        return after(judged, (worst) => {
          this.#measure(operation, worst);
          if (worst.count === 0) return undefined;
          const found = difference("value", operation, shape, results, worst);
          return { ...found, inputs: this.#views(operation, operands) };
        });
      },
    );
  }

  #measure(operation: Operation, { ulp, tolerance }: Worst): void {
    if (ulp > (this.#worst?.ulp ?? 0)) this.#worst = { ...placeOf(operation), ulp, tolerance };
  }

  #views({ inputs, sources }: Operation, operands: readonly Operand[]): OperandView[] {
    return operands.map((operand, i) => {
      const input = inputs[i];
      if (typeof operand === "number" || typeof input !== "object") return Number(operand);
      const { dtype, layout, offset } = operand;
      return {
        name: this.scopes.nameOf(input.storage),
        dtype,
        shape: layout.shape,
        strides: layout.strides,
        offset,
        values: firstElements(operand, shown),
        from: sources[i]?.by ?? { index: 0, op: "upload" },
      };
    });
  }
}

/** What stands for a step after the last one. */
const theEnd = "the end";

function operandOf(input: Input): Late<Operand> {
  if (typeof input === "number") return input;
  const { storage, dtype, layout, offset } = input;
  return after(read(storage), (data) => ({ data, dtype, layout, offset }));
}

function placeOf({ index, op, path, phase, derivativeOf }: Place): Place {
  return { index, op, path, phase, ...(derivativeOf !== undefined && { derivativeOf }) };
}

function difference(
  kind: ElementDifference["kind"],
  place: Place,
  shape: readonly number[],
  { dtype, got, expected }: Results,
  { at, ulp, tolerance, count }: Worst,
): ElementDifference {
  return {
    same: false,
    kind,
    ...placeOf(place),
    dtype,
    shape,
    position: indexOf(at, shape),
    expected: expected[at] ?? Number.NaN,
    got: got[at] ?? Number.NaN,
    ulp,
    tolerance,
    count,
    inputs: [],
  };
}
