import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFloat, type TypedArray } from "../dtype.js";
import { call, cast, constant, type Expr } from "../expr.js";
import { layout } from "../layout.js";
import { checkKernel } from "../spec.js";
import { optimizeProgram } from "./optimize.js";
import type { Program } from "./program.js";
import { randomProgram, resultsOf } from "./random-program.js";
import { kernelsOf, Recorder, relu, transposed } from "./test-programs.js";

/** Optimizes, checks that every result stays the same and every kernel is well-formed. */
function optimized(program: Program, tolerance = 0): Program {
  const result = optimizeProgram(program);
  for (const kernel of kernelsOf(result)) checkKernel(kernel);
  const expected = resultsOf(program);
  const got = resultsOf(result);
  for (const [buffer, elements] of expected)
    expectClose(got.get(buffer), elements, isFloat(dtypeOf(program, buffer)) ? tolerance : 0);
  expect(result.results).toEqual([]);
  return result;
}

function dtypeOf({ buffers }: Program, buffer: number): "float32" | "int32" {
  return isFloat(buffers[buffer]?.dtype ?? "float32") ? "float32" : "int32";
}

function expectClose(got: TypedArray | undefined, expected: TypedArray, tolerance: number): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, x] of expected.entries()) {
    const y = got?.[i] ?? Number.NaN;
    if (!Object.is(x, y) && !(Math.abs(x - y) <= tolerance * (1 + Math.abs(x))))
      expect.fail(`element ${i}: expected ${x}, got ${y}`);
  }
}

const plus = (x: Expr, y: Expr): Expr => call("add", x, y);
const minus = (x: Expr, y: Expr): Expr => call("sub", x, y);
const times = (x: Expr, y: Expr): Expr => call("mul", x, y);

describe("optimizeProgram", () => {
  it("keeps the results of random programs", () => {
    const check = (program: Program): void => void optimized(program);
    fc.assert(fc.property(randomProgram({ dtype: "float64", calls: 12 }), check), {
      numRuns: 300,
      endOnFailure: true,
    });
  });

  it("keeps results to rounding, integers and bools exactly, in float32", () => {
    const check = (program: Program): void => void optimized(program, 1e-4);
    fc.assert(fc.property(randomProgram({ dtype: "float32", calls: 12 }), check), {
      numRuns: 300,
      endOnFailure: true,
    });
  });

  it("makes a layer of a product, a bias and a relu one product", () => {
    const to = new Recorder();
    const x = to.buffer("input", [16, 8]);
    const w = to.buffer("state", [8, 9]);
    const product = to.matmul(x, w);
    const sum = to.map("add", [product, to.buffer("state", [9])], plus);
    to.returns(to.map("relu", [sum], relu));
    const { calls } = optimized(to.program(), 1e-6);
    expect(calls).toMatchObject([
      { kernel: { name: "matmul+add+relu", contraction: { m: [0], n: [1], k: [2] } } },
    ]);
  });

  it("makes a softmax of separate operations one kernel", () => {
    const to = new Recorder();
    const x = to.buffer("input", [5, 9]);
    const shifted = to.map("sub", [x, to.reduceLast("max", x)], minus);
    const exps = to.map("exp", [shifted], (e) => call("exp", e));
    const total = to.reduceLast("sum", exps);
    to.returns(to.map("div", [exps, total], (e, s) => call("div", e, s)));
    const [kernel, ...more] = kernelsOf(optimized(to.program(), 1e-6));
    expect(more).toEqual([]);
    expect(kernel?.stages.map((stage) => stage.reduce)).toEqual(["max", "sum"]);
  });

  it("makes an Adam update one pass over parameter and moments, in place", () => {
    const to = new Recorder();
    const [p, m, v] = [0, 1, 2].map(() => to.buffer("state", [4, 9])) as [never, never, never];
    const g = to.buffer("input", [4, 9]);
    const rate = to.buffer("state", []);
    const blend = (by: number) => (a: Expr, b: Expr) =>
      plus(call("mul", a, by), call("mul", b, 1 - by));
    const first = to.map("lerp", [m, g], blend(0.9));
    const square = to.map("mul", [g, g], times);
    const second = to.map("lerp", [v, square], blend(0.999));
    const root = to.map("sqrt", [second], (x) =>
      plus(call("sqrt", call("abs", x)), constant(1e-8)),
    );
    const step = to.map("div", [first, root], (x, y) => call("div", x, y));
    const scaled = to.map("mul", [step, rate], times);
    const next = to.map("sub", [p, scaled], minus);
    to.result(p, next);
    to.result(m, first);
    to.result(v, second);
    const [kernel, ...more] = kernelsOf(optimized(to.program(), 1e-5));
    expect(more).toEqual([]);
    expect(kernel?.outer).toBe(1);
    const aliases = kernel?.outputs.map((output) => output.aliases) ?? [];
    expect(aliases).not.toContain(undefined);
    expect(new Set(aliases).size).toBe(3);
  });

  it("reads a weight for the gradient of the layer below before it writes it", () => {
    const to = new Recorder();
    const x = to.buffer("input", [16, 8]);
    const w = to.buffer("state", [8, 9]);
    const g = to.buffer("input", [16, 9]);
    const dw = to.matmul(transposed(x), g);
    to.result(
      w,
      to.map("sub", [w, dw], (a, b) => minus(a, call("mul", b, 0.5))),
    );
    to.returns(to.matmul(g, transposed(w)));
    const { calls } = optimized(to.program(), 1e-6);
    expect(calls).toMatchObject([
      { kernel: { name: "matmul" } },
      { kernel: { name: "matmul+sub", outputs: [{ aliases: expect.any(Number) }] } },
    ]);
  });

  it("swaps two states", () => {
    const to = new Recorder();
    const [a, b] = [to.buffer("state", [5]), to.buffer("state", [5])];
    to.result(a, b);
    to.result(b, a);
    expect(optimized(to.program()).calls).toHaveLength(3);
  });

  it("copies a value that is wanted twice, and a constant", () => {
    const to = new Recorder();
    const value = to.map("neg", [to.buffer("input", [5])], (x) => call("neg", x));
    to.returns(value);
    to.returns(value);
    to.returns(to.full([3], 2));
    expect(optimized(to.program()).calls).toHaveLength(3);
  });

  it("goes through a temporary where a state is read at another place than it is written", () => {
    const to = new Recorder();
    const a = to.buffer("state", [9]);
    const flipped = { ...a, layout: layout([9], [-1]), offset: 8 };
    to.result(a, to.map("sub", [a, flipped], minus));
    expect(optimized(to.program()).calls).toHaveLength(2);
  });

  it("leaves a value that several slow readers share in memory", () => {
    const to = new Recorder();
    const x = to.buffer("input", [16, 16]);
    const exps = to.map("exp", [x], (e) => call("exp", call("neg", call("abs", e))));
    to.returns(to.matmul(exps, to.buffer("input", [16, 4])));
    to.returns(to.matmul(exps, to.buffer("input", [16, 5])));
    expect(optimized(to.program(), 1e-5).calls).toHaveLength(3);
  });

  it("writes constants into kernels and drops what they do not reach", () => {
    const to = new Recorder();
    const x = to.buffer("input", [4, 5]);
    const seed = to.full([], 1);
    const spread = to.map("expand", [seed], (e) => e, [4, 5]);
    to.map("unused", [x], (e) => call("exp", e));
    to.returns(to.map("mul", [spread, x], times));
    expect(optimized(to.program()).calls).toMatchObject([
      { kernel: { inputs: [{}], outputs: [{ value: { kind: "load" } }] } },
    ]);
  });

  it("computes equal calls once", () => {
    const to = new Recorder();
    const x = to.buffer("input", [4, 5]);
    const sums = [to.sumRows(x), to.sumRows(x)] as const;
    to.returns(sums[0]);
    to.returns(to.map("mul", sums, times));
    expect(optimized(to.program()).calls).toHaveLength(1);
  });

  it("keeps work of a backend's own, and what it reads and makes, in order", () => {
    const to = new Recorder();
    const x = to.buffer("input", [6]);
    const before = to.map("neg", [x], (e) => call("neg", e));
    const made = to.own([before], [6]);
    to.returns(to.map("exp", [made], (e) => call("exp", e)));
    const { calls } = optimizeProgram(to.program());
    expect(calls.map((each) => each.kind)).toEqual(["kernel", "own", "kernel"]);
    expect(calls[1]?.inputs).toEqual(calls[0]?.outputs);
    expect(calls[2]?.inputs).toEqual(calls[1]?.outputs);
  });

  it("rounds to float32 before a comparison what was rounded in memory", () => {
    const to = new Recorder();
    const x = to.buffer("input", [9]);
    const third = to.map("div", [x], (e) => call("div", e, 3));
    to.returns(to.map("eq", [third, x], (a, b) => call("eq", call("mul", a, 3), b)));
    const program = to.program();
    expect([...(resultsOf(program).get(3) ?? [])]).toContain(0);
    expect(optimized(program).calls).toHaveLength(1);
  });

  it("rounds what a maximum is taken of, where it is compared with its maximum", () => {
    const to = new Recorder();
    const x = to.buffer("input", [5, 9]);
    const third = to.map("div", [x], (e) => call("div", e, 3));
    const most = to.reduceLast("max", third);
    to.returns(most);
    to.returns(to.map("eq", [third, most], (a, b) => call("eq", a, b)));
    optimized(to.program());
  });

  it("rounds the terms of a sum that is compared", () => {
    const to = new Recorder();
    const third = to.map("div", [to.buffer("input", [9, 9])], (e) => call("div", e, 3));
    const total = to.reduceLast("sum", third);
    to.returns(to.map("floor", [total], (e) => call("floor", call("mul", e, 2 ** 24))));
    expect(optimized(to.program()).calls).toHaveLength(1);
  });

  it("does not round between functions without jumps", () => {
    const to = new Recorder();
    const third = to.map("div", [to.buffer("input", [9])], (e) => call("div", e, 3));
    to.returns(to.map("mul", [third], (e) => call("mul", e, 3)));
    const [kernel] = kernelsOf(optimized(to.program(), 1e-6));
    expect(kernel?.outputs).toMatchObject([{ value: { fn: "mul", args: [{ fn: "div" }, {}] } }]);
  });

  it("keeps apart reductions that would run again in each other's loops", () => {
    const to = new Recorder();
    const x = to.buffer("input", [9, 9]);
    const row = to.reduceLast("max", x);
    const column = to.sumRows(x);
    const centred = to.map("sub", [x, column], minus);
    to.returns(to.map("sub", [centred, row], minus));
    expect(optimized(to.program(), 1e-6).calls).toHaveLength(2);
  });

  it("keeps a reduction of reductions in two calls", () => {
    const to = new Recorder();
    const sums = to.reduceLast("sum", to.buffer("input", [9, 9]));
    const flat = { ...sums, layout: layout([9]) };
    to.returns(to.reduceLast("max", flat));
    expect(optimized(to.program()).calls).toHaveLength(2);
  });

  it("writes a state after all that read its old value, wherever they were recorded", () => {
    const to = new Recorder();
    const w = to.buffer("state", [9, 9]);
    const next = to.map("sub", [w, to.buffer("input", [9, 9])], minus);
    to.result(w, next);
    to.returns(to.matmul(next, to.buffer("input", [9, 9])));
    to.returns(to.sumRows(w));
    const { calls } = optimized(to.program());
    expect(calls).toMatchObject([
      { kernel: { name: "sum" } },
      { kernel: { name: "sub", outputs: [{ aliases: 0 }] } },
      { kernel: { name: "matmul" } },
    ]);
  });

  it("makes one kernel of calls over the same loops that share an input", () => {
    const to = new Recorder();
    const x = to.buffer("input", [4, 5]);
    to.returns(to.map("exp", [x], (e) => call("exp", call("neg", call("abs", e)))));
    to.returns(to.map("neg", [x], (e) => call("neg", e)));
    const [kernel, ...more] = kernelsOf(optimized(to.program()));
    expect(more).toEqual([]);
    expect(kernel?.outputs).toHaveLength(2);
  });

  it("does not make a mask an array of its own for a later reader", () => {
    const to = new Recorder();
    const x = to.buffer("input", [16, 16]);
    const y = to.map("relu", [to.matmul(x, x)], relu);
    const upper = to.matmul(y, x);
    const mask = to.map("gt", [y], (e) => call("gt", e, 0));
    const grad = to.map("mul", [upper, mask], (g, m) => times(g, cast(m, "float32")));
    to.returns(grad);
    const { calls } = optimized(to.program());
    expect(calls).toMatchObject([
      { kernel: { name: "matmul+relu" } },
      { kernel: { name: "gt+matmul+mul", contraction: {} } },
    ]);
  });
});
