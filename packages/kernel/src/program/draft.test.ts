import { describe, expect, it } from "vitest";
import { Draft } from "./draft.js";
import type { ProgramCall } from "./program.js";
import { chain, namesOf } from "./test-programs.js";

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
