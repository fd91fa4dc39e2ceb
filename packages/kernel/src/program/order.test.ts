import { describe, expect, it } from "vitest";
import { sortCalls, successorsOf, usesOf } from "./order.js";
import type { Program, ProgramCall } from "./program.js";
import { chain, namesOf } from "./test-programs.js";

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
