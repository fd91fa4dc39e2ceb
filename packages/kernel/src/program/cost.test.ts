import { describe, expect, it } from "vitest";
import { call } from "../expr.js";
import { costOf } from "./cost.js";
import { Recorder } from "./test-programs.js";

describe("costOf", () => {
  it("counts 2mnk flops for a product, and each element of its operands once", () => {
    const to = new Recorder();
    to.matmul(to.buffer("input", [4, 5]), to.buffer("input", [5, 6]));
    const program = to.program();
    expect(program.calls.map((each) => costOf(each, program))).toEqual([
      { flops: 2 * 4 * 5 * 6, bytes: 4 * (20 + 30 + 24) },
    ]);
  });

  it("counts a shared function once, outside of the loops it does not move with", () => {
    const to = new Recorder();
    const [x, row] = [to.buffer("input", [8, 4]), to.buffer("input", [8, 1])];
    to.map("scale", [x, row], (e, r) => call("mul", e, call("exp", r)));
    const program = to.program();
    expect(program.calls.map((each) => costOf(each, program))).toEqual([
      { flops: 8 * 4 + 8, bytes: 4 * (32 + 8 + 32) },
    ]);
  });

  it("counts repeated elements once and comparisons not at all", () => {
    const to = new Recorder();
    const x = to.buffer("input", [4]);
    to.map("lt", [{ ...x }, x], (a, b) => call("lt", a, b), [3, 4]);
    const program = to.program();
    expect(program.calls.map((each) => costOf(each, program))).toEqual([
      { flops: 0, bytes: 4 * 4 + 12 },
    ]);
  });
});
