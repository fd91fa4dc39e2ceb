// What a program means: its calls one by one in the interpreter. For tests of rewrites and generators.

import { newArray, type TypedArray } from "../dtype.js";
import { type HostOperand, interpretKernel } from "../interpret.js";
import type { Program, View } from "./program.js";

/**
 * Runs `program` on `bound`, the arrays of inputs, states and outputs by the index of their buffer;
 * states and outputs are written to. Programs with calls of a backend's own cannot be interpreted.
 */
export function interpretProgram(program: Program, bound: ReadonlyMap<number, TypedArray>): void {
  const arrays = program.buffers.map(
    ({ dtype, length, data }, index) => bound.get(index) ?? data ?? newArray(dtype, length),
  );
  const onHost = ({ buffer, layout, offset }: View): HostOperand => ({
    data: arrays[buffer] ?? new Float32Array(0),
    layout,
    offset,
  });
  for (const call of program.calls) {
    if (call.kind === "own") throw new TypeError("an own call cannot be interpreted");
    interpretKernel(call.kernel, call.inputs.map(onHost), [], call.outputs.map(onHost));
  }
  const values = program.results.map(({ value }) => arrays[value]?.slice());
  for (const [i, { target }] of program.results.entries()) arrays[target]?.set(values[i] ?? []);
}
