import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newArray, type TypedArray } from "../dtype.js";
import { call } from "../expr.js";
import { interpretKernel } from "../interpret.js";
import { optimizeProgram } from "./optimize.js";
import { planMemory } from "./plan-memory.js";
import type { Program } from "./program.js";
import { boundArrays, randomProgram, resultsOf } from "./random-program.js";
import { Recorder } from "./test-programs.js";

/** Runs a placed program with its temporaries in the slots of its plan, which start with garbage. */
function resultsInSlots(program: Program): Map<number, TypedArray> {
  const { slots, slotOf } = planMemory(program);
  const memory = slots.map(({ dtype, length }) => newArray(dtype, length).fill(77));
  const bound = boundArrays(program);
  const arrays = program.buffers.map(
    ({ data }, b) => bound.get(b) ?? data ?? memory[slotOf.get(b) ?? -1] ?? new Float32Array(0),
  );
  for (const each of program.calls)
    if (each.kind === "kernel")
      interpretKernel(
        each.kernel,
        each.inputs.map((view) => ({ ...view, data: arrays[view.buffer] ?? newArray("bool", 0) })),
        [],
        each.outputs.map((view) => ({ ...view, data: arrays[view.buffer] ?? newArray("bool", 0) })),
      );
  return bound;
}

describe("planMemory", () => {
  it("keeps the results of random programs", () => {
    const check = (program: Program): void => {
      const placed = optimizeProgram(program);
      expect(resultsInSlots(placed)).toEqual(resultsOf(placed));
    };
    fc.assert(fc.property(randomProgram({ dtype: "float64", calls: 12 }), check), {
      numRuns: 200,
      endOnFailure: true,
    });
  });

  it("lets a chain of temporaries take turns in two slots", () => {
    const to = new Recorder();
    let x = to.buffer("input", [6]);
    for (let i = 0; i < 5; i++) x = to.map("neg", [x], (e) => call("neg", e));
    to.returns(x);
    const { slots, slotOf } = planMemory(to.program());
    expect(slots).toEqual([
      { dtype: "float32", length: 6 },
      { dtype: "float32", length: 6 },
    ]);
    expect([...slotOf.values()]).toEqual([0, 1, 0, 1, 0]);
  });

  it("shares slots between lengths but not between dtypes", () => {
    const to = new Recorder();
    const x = to.buffer("input", [6]);
    const total = to.reduceLast("sum", x);
    const wide = to.map("add", [total, x], (s, e) => call("add", s, e), [6]);
    const mask = to.map("lt", [wide], (e) => call("lt", e, 0));
    to.returns(to.map("neg", [x], (e) => call("neg", e)));
    to.returns(mask);
    const { slots } = planMemory(to.program());
    expect(slots.map((slot) => slot.dtype)).toEqual(["float32", "float32", "bool"]);
  });

  it("gives an output that overwrites its input the slot of that input", () => {
    const to = new Recorder();
    const first = to.map("neg", [to.buffer("input", [6])], (e) => call("neg", e));
    const second = to.map("exp", [first], (e) => call("exp", e));
    to.returns(second);
    to.returns(to.map("neg", [second], (e) => call("neg", e)));
    const program = to.program();
    const calls = program.calls.map((each, c) =>
      each.kind === "kernel" && c === 1
        ? {
            ...each,
            kernel: {
              ...each.kernel,
              outputs: each.kernel.outputs.map((output) => ({ ...output, aliases: 0 })),
            },
          }
        : each,
    );
    expect([...planMemory({ ...program, calls }).slotOf.values()]).toEqual([0, 0, 1]);
  });
});
