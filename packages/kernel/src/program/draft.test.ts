import { describe, expect, it } from "vitest";
import { call, type Expr } from "../expr.js";
import { Draft } from "./draft.js";
import { sortCalls, successorsOf, usesOf } from "./order.js";
import type { Program, ProgramCall, View } from "./program.js";
import { Recorder } from "./test-programs.js";

const neg = (x: Expr): Expr => call("neg", x);

/** The names of the kernels in order. */
function namesOf({ calls }: Pick<Program, "calls">): string {
  return calls.map((each) => (each.kind === "kernel" ? each.kernel.name : "own")).join(" ");
}

/** Calls a, b, …, each of the buffers that calls before it made; "x" is the input. */
function chain(calls: Readonly<Record<string, string>>): Program {
  const to = new Recorder();
  const made: Record<string, View> = { x: to.buffer("input", [4]) };
  for (const [name, of] of Object.entries(calls)) {
    const inputs = of.split(" ").map((each) => made[each] as View);
    made[name] = to.map(name, inputs, (first, ...rest) =>
      rest.reduce((a, b) => call("add", a, b), neg(first as Expr)),
    );
  }
  return to.program();
}

/** A call with the inputs and outputs of two, named after both. */
function joined(draft: Draft, p: number, r: number): ProgramCall {
  const [a, b] = [draft.call(p), draft.call(r)];
  if (a?.kind !== "kernel" || b?.kind !== "kernel") throw new Error("no kernels");
  return {
    ...b,
    kernel: { ...b.kernel, name: a.kernel.name + b.kernel.name },
    inputs: [...a.inputs, ...b.inputs],
    outputs: [...a.outputs, ...b.outputs],
  };
}

describe("a draft", () => {
  it("joins neighbours, leaving a hole", () => {
    const draft = new Draft(chain({ a: "x", b: "a", c: "b" }));
    expect(draft.join(0, 1, joined(draft, 0, 1))).toBe(true);
    expect([draft.count, draft.length, namesOf(draft.program())]).toEqual([2, 3, "ab c"]);
  });

  it("moves what lies between to where it may be", () => {
    const draft = new Draft(chain({ a: "x", b: "a", c: "x", d: "b", e: "a c" }));
    expect(draft.join(0, 4, joined(draft, 0, 4))).toBe(true);
    expect(namesOf(draft.program())).toBe("c ae b d");
    const places = [0, 1, 2, 3].map((p) =>
      draft.readersOf({ outputs: draft.call(p)?.outputs ?? [] }),
    );
    // The joined call, at 1, still reads what it makes.
    expect(places).toEqual([[1], [1, 2], [3], []]);
  });

  it("does not join calls that another one lies between", () => {
    const draft = new Draft(chain({ a: "x", b: "a", c: "a b" }));
    expect(draft.join(0, 2, joined(draft, 0, 2))).toBe(false);
    expect(namesOf(draft.program())).toBe("a b c");
  });
});

describe("sortCalls", () => {
  const sorted = (calls: readonly ProgramCall[], program: Program): string => {
    const uses = usesOf({ buffers: program.buffers, calls });
    return namesOf({ calls: sortCalls(calls, successorsOf(uses, calls.length)) ?? [] });
  };

  it("keeps an order that is one, and finds one otherwise", () => {
    const program = chain({ a: "x", b: "a", c: "x", d: "b c" });
    expect(sorted(program.calls, program)).toBe("a b c d");
    expect(sorted(program.calls.toReversed(), program)).toBe("c a b d");
  });

  it("finds none for calls in a circle", () => {
    const { calls } = chain({ a: "x", b: "a" });
    expect(sortCalls(calls, [new Set([1]), new Set([0])])).toBeUndefined();
  });

  it("takes chains of any length", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i === 0 ? "x" : `k${i - 1}`]);
    const program = chain(Object.fromEntries(names));
    expect(sorted(program.calls.toReversed(), program).split(" ")[19_999]).toBe("k19999");
  });
});
