// The run on the trusted backend: writes down what happens, to hold the second run against.

import type { Input } from "@chainrule/core";
import type { TypedArray } from "@chainrule/kernel";
import { type Late, read } from "./late.js";
import { type Operation, Run, type Upload } from "./run.js";

export class FirstRun extends Run {
  /** What happened, in order. */
  readonly steps: Pick<Upload | Operation, "op" | "text">[] = [];
  /** The arrays that no operation made, by their place in the run. */
  readonly leaves: Map<number, Late<TypedArray>> = new Map();
  /** The numbers among the operands of each operation. */
  readonly numbers: Map<number, Float64Array> = new Map();

  protected override onUpload({ index, op, text, given, storage }: Upload): void {
    this.steps[index] = { op, text };
    this.leaves.set(index, given?.slice() ?? read(storage));
  }

  protected override onOperation({ index, op, text, inputs }: Operation): void {
    this.steps[index] = { op, text };
    this.numbers.set(index, numbersAmong(inputs));
  }
}

/** The operands that are numbers, each in its place; NaN for tensors. */
export function numbersAmong(inputs: readonly Input[]): Float64Array {
  return Float64Array.from(inputs, (input) => (typeof input === "number" ? input : Number.NaN));
}
