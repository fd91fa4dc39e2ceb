import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newArray, type TypedArray } from "../dtype.js";
import { call, cast, constant, coord, type Expr, guardedLoad, load, stageValue } from "../expr.js";
import type { Kernel, Reducer } from "../kernel.js";
import { layout } from "../layout.js";
import { interpretProgram } from "../program/interpret-program.js";
import type { BufferRole, Program, ProgramBuffer, ProgramCall, View } from "../program/program.js";
import { makeKernel, matmul, reduceRows, softmax, spec } from "../test-kernels.js";
import { generateProgram, type Placement, type ProgramSource } from "./javascript-program.js";
import { difference } from "./random-kernel.js";
import { randomPlacedProgram } from "./random-placed-program.js";

type Bound = ReadonlyMap<number, TypedArray>;

/** Temporaries side by side, after a gap. */
function placed(program: Program): Placement {
  let bytes = 8;
  const offsets = program.buffers.map(({ role, length }) => {
    const offset = bytes;
    if (role === "temporary") bytes += 8 * length;
    return offset;
  });
  return { bytes, offsetOf: (buffer) => offsets[buffer] ?? 0 };
}

interface Running {
  bind(index: number, data: TypedArray): void;
  run(): void;
}

function instance(
  { text }: ProgramSource,
  program: Program,
  native: readonly (() => void)[] = [],
): Running {
  const arena = new ArrayBuffer(placed(program).bytes);
  const views = {
    f32: new Float32Array(arena),
    f64: new Float64Array(arena),
    i32: new Int32Array(arena),
    u8: new Uint8Array(arena),
  };
  views.u8.fill(201);
  const constants = program.buffers.map(({ data }) => data);
  return new Function(`"use strict"; return ${text};`)()(views, constants, native);
}

const ways = [
  ["as it chooses", undefined],
  ["as loops", 0],
] as const;

/** Checks two runs of the generated code, both ways, against the interpreter. */
function expectSame(program: Program, bound: Bound): void {
  const copy = (): Map<number, TypedArray> =>
    new Map([...bound].map(([index, data]) => [index, data.slice()]));
  for (const [, limit] of ways) {
    const source = generateProgram(program, placed(program), () => false, limit);
    const { bind, run } = instance(source, program);
    const [expected, got] = [copy(), copy()];
    for (const [index, data] of got) bind(index, data);
    for (let turn = 0; turn < 2; turn++) {
      interpretProgram(program, expected);
      run();
    }
    for (const [index, data] of expected)
      expect(difference(data, got.get(index) ?? data), source.text).toBeUndefined();
  }
}

class Builder {
  readonly buffers: ProgramBuffer[] = [];
  readonly calls: ProgramCall[] = [];
  readonly bound = new Map<number, TypedArray>();

  /** A row-major array; numbers that are not given are zeros. */
  array(role: BufferRole, shape: readonly number[], data?: TypedArray): View {
    const l = layout(shape);
    const elements = data ?? new Float32Array(l.size);
    const dtype =
      elements instanceof Int32Array
        ? "int32"
        : elements instanceof Uint8Array
          ? "uint8"
          : "float32";
    const known = role === "constant" ? { data: elements } : {};
    const buffer = this.buffers.push({ role, dtype, length: l.size, label: role, ...known }) - 1;
    if (role !== "constant" && role !== "temporary") this.bound.set(buffer, elements);
    return { buffer, layout: l, offset: 0 };
  }

  call(kernel: Kernel, inputs: readonly View[], ...outputs: readonly View[]): View {
    this.calls.push({ kind: "kernel", kernel, inputs, outputs, origins: [] });
    return outputs[0] as View;
  }

  program(): Program {
    return { name: "test", buffers: this.buffers, calls: this.calls, results: [] };
  }
}

const x = (...index: number[]): Expr => load(0, "float32", index.map(coord));
const y = (...index: number[]): Expr => load(1, "float32", index.map(coord));
const map1 = (value: Expr): Kernel =>
  makeKernel({ name: "map", outer: 1, inputs: [spec(1)], outputs: [value] });
const map2 = (...outputs: Expr[]): Kernel =>
  makeKernel({ name: "map", outer: 1, inputs: [spec(1), spec(1)], outputs });
const generate = (program: Program, limit?: number): ProgramSource =>
  generateProgram(program, placed(program), (each) => each.kind === "own", limit);

/** y = relu(x w), w -= y / 4 in place, and the sum of y. */
function smallStep(n: number): Builder {
  const b = new Builder();
  const numbers = (count: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 4 - 1);
  const data = b.array("input", [n, n], numbers(n * n));
  const weights = b.array("state", [n, n], numbers(n * n).reverse());
  const product = b.call(matmul, [data, weights], b.array("temporary", [n, n]));
  const flat = (view: View): View => ({ ...view, layout: layout([n * n]) });
  const rate = b.array("constant", [], Float32Array.of(0.25));
  const active = b.call(map1(call("max", x(0), 0)), [flat(product)], b.array("temporary", [n * n]));
  const update = call("sub", x(0), call("mul", y(0), load(2, "float32", [])));
  b.call(
    makeKernel({
      name: "update",
      outer: 1,
      inputs: [spec(1), spec(1), spec(0)],
      outputs: [update],
    }),
    [flat(weights), active, rate],
    flat(weights),
  );
  b.call(
    makeKernel({
      name: "total",
      outer: 0,
      inputs: [spec(1)],
      inner: [{ operand: 0, dim: 0 }],
      stages: [{ axes: [0], reduce: "sum", dtype: "float32", value: x(0) }],
      outputs: [stageValue(0, "float32")],
    }),
    [active],
    b.array("output", []),
  );
  return b;
}

describe("a generated program", () => {
  test("of few operations is one straight line without temporaries", () => {
    const { text, way, natives } = generate(smallStep(1).program());
    expect({ way, natives }).toEqual({ way: "straight-line", natives: [] });
    expect(text).toMatchInlineSnapshot(`
      "(arena, constants, native) => {
      const { f32, f64, i32, u8 } = arena;
      const constant3 = constants[3];
      let bound0;
      let bound1;
      let bound5;
      const or_0 = new Float64Array([0, 0]);
      function run() {
        const x0 = bound0;
        const x1 = bound1;
        const x5 = bound5;
        const t0 = x1[0];
        const t1 = x0[0] * t0 + 0;
        const t2 = (or_0[1] = t1, or_0[+!(t1 <= 0)]);
        const v0 = t0 - t2 * 0.25;
        const v1 = 0 + t2;
        x1[0] = v0;
        x5[0] = v1;
      }
      function bind(index, data) {
        switch (index) {
          case 0: bound0 = data; break;
          case 1: bound1 = data; break;
          case 5: bound5 = data; break;
        }
      }
      return { bind, run };
      }"
    `);
  });

  test("of many operations is a function of loops for each call", () => {
    const { text, way } = generate(smallStep(9).program());
    expect(way).toBe("straight-line");
    const large = generate(smallStep(40).program());
    expect(large.way).toBe("loops");
    expect(large.text).toContain("function kernel0_matmul() {");
    expect(generate(smallStep(1).program(), 0).text).toMatchInlineSnapshot(`
      "(arena, constants, native) => {
      const { f32, f64, i32, u8 } = arena;
      const constant3 = constants[3];
      let bound0;
      let bound1;
      let bound5;
      const or_0 = new Float64Array([0, 0]);
      function kernel0_matmul() {
        const x0 = bound0;
        const x1 = bound1;
        const y0 = f32;
        for (let i0 = 0; i0 < 1; i0++) {
          const x0_at0 = i0;
          const y0_at0 = 2 + i0 | 0;
          for (let i1 = 0; i1 < 1; i1++) {
            const x1_at1 = i1;
            let sum0 = 0;
            for (let i2 = 0; i2 < 1; i2++) {
              sum0 = sum0 + x0[x0_at0 + i2 | 0] * x1[x1_at1 + i2 | 0];
            }
            y0[y0_at0 + i1 | 0] = sum0;
          }
        }
      }
      function kernel1_map() {
        const x0 = f32;
        const y0 = f32;
        const t0 = x0[2];
        y0[4] = (or_0[1] = t0, or_0[+!(t0 <= 0)]);
      }
      function kernel2_update() {
        const x0 = bound1;
        const x1 = f32;
        const x2 = constant3;
        const y0 = bound1;
        y0[0] = x0[0] - x1[4] * x2[0];
      }
      function kernel3_total() {
        const x0 = f32;
        const y0 = bound5;
        let sum0 = 0;
        sum0 = sum0 + x0[4];
        y0[0] = sum0;
      }
      function run() {
        kernel0_matmul();
        kernel1_map();
        kernel2_update();
        kernel3_total();
      }
      function bind(index, data) {
        switch (index) {
          case 0: bound0 = data; break;
          case 1: bound1 = data; break;
          case 5: bound5 = data; break;
        }
      }
      return { bind, run };
      }"
    `);
    expect(text).not.toContain("for (");
  });

  test.each(ways)("allocates nothing in a run, %s", (_, limit) => {
    const { text } = generate(smallStep(3).program(), limit);
    const functions = text.slice(text.indexOf("function "));
    expect(functions).not.toMatch(/\bnew\b|=>|= \[|= \{|\.slice|\.subarray|\.map/);
  });

  test.each([0, 1, 3, 4, 5, 8, 9, 40])("computes what the interpreter does at size %i", (n) => {
    const b = smallStep(n);
    expectSame(b.program(), b.bound);
  });

  test("leaves native calls to the caller, in order", () => {
    const b = new Builder();
    const given = b.array("input", [3], Float32Array.of(1, 2, 3));
    const made = b.array("state", [3]);
    const out = b.array("output", [3]);
    const own = {
      kind: "own",
      inputs: [given],
      outputs: [made],
      origins: [],
      run: () => {},
    } as const;
    b.call(map1(call("mul", x(0), 2)), [given], made);
    b.calls.push(own);
    b.call(map1(call("add", x(0), 1)), [made], out);
    const source = generate(b.program());
    expect({ way: source.way, natives: source.natives }).toEqual({ way: "loops", natives: [1] });
    const state = new Float32Array(3);
    const { bind, run } = instance(source, b.program(), [() => state.reverse()]);
    const result = new Float32Array(3);
    bind(given.buffer, Float32Array.of(1, 2, 3));
    bind(made.buffer, state);
    bind(out.buffer, result);
    run();
    expect([...result]).toEqual([7, 5, 3]);
    bind(given.buffer, Float32Array.of(0, 0, 10));
    run();
    expect([...result]).toEqual([21, 1, 1]);
  });

  test("is refused with results that are not placed, and for float16", () => {
    const b = smallStep(1);
    const program = { ...b.program(), results: [{ target: 1, value: 2 }] };
    expect(() => generate(program)).toThrow("placed");
    const half: ProgramBuffer = { role: "input", dtype: "float16", length: 1, label: "" };
    expect(() => generate({ ...b.program(), buffers: [...b.buffers, half] })).toThrow("float16");
  });
});

describe("a straight line", () => {
  /** The text of `run` alone. */
  const runOf = (b: Builder): string => {
    const { text, way } = generate(b.program());
    expect(way).toBe("straight-line");
    return text.slice(text.indexOf("function run"), text.indexOf("function bind"));
  };

  test("computes what calls have in common once", () => {
    const b = new Builder();
    const given = b.array("input", [1], Float32Array.of(0.3));
    const exp = (): View => b.call(map1(call("exp", x(0))), [given], b.array("temporary", [1]));
    b.call(map2(call("mul", x(0), y(0))), [exp(), exp()], b.array("output", [1]));
    expect(runOf(b).match(/Math\.exp/g)).toHaveLength(1);
    expectSame(b.program(), b.bound);
  });

  test("reads old values before it writes: two states change places", () => {
    const b = new Builder();
    const one = b.array("state", [2], Float32Array.of(1, 2));
    const two = b.array("state", [2], Float32Array.of(3, 4));
    b.call(map2(y(0), x(0)), [one, two], one, two);
    expectSame(b.program(), b.bound);
    const { bind, run } = instance(generate(b.program()), b.program());
    for (const [index, data] of b.bound) bind(index, data);
    run();
    expect([...b.bound.values()].map((data) => [...data])).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  test("rounds a float from a temporary where that decides", () => {
    const b = new Builder();
    // 0.1 · 3 is 0.3 in float32 but 0.30000000447 or so as a double.
    const given = b.array("input", [2], Float32Array.of(0.1, 2 ** 24));
    const third = b.array("constant", [2], Float32Array.of(3, 1 + 2 ** -23));
    const product = b.call(
      map2(call("mul", x(0), y(0))),
      [given, third],
      b.array("temporary", [2]),
    );
    const stored = b.array("constant", [2], Float32Array.of(0.1 * 3, 2 ** 24 + 2));
    const isEqual = makeKernel({
      name: "equal",
      outer: 1,
      inputs: [spec(1), spec(1)],
      outputs: [cast(call("eq", x(0), y(0)), "int32")],
    });
    b.call(isEqual, [product, stored], b.array("output", [2], new Int32Array(2)));
    b.call(map1(call("floor", x(0))), [product], b.array("output", [2]));
    b.call(map1(call("mul", x(0), 2)), [product], b.array("output", [2]));
    const text = runOf(b);
    expect(text.match(/Math\.fround/g)).toHaveLength(2);
    expectSame(b.program(), b.bound);
  });

  test("rounds where the kernel says so", () => {
    const b = new Builder();
    const given = b.array("input", [1], Float32Array.of(0.1));
    const squared: Expr = { kind: "cast", dtype: "float32", value: call("mul", x(0), x(0)) };
    b.call(map1(call("sub", squared, call("mul", x(0), x(0)))), [given], b.array("output", [1]));
    expect(runOf(b)).toContain("Math.fround");
    expectSame(b.program(), b.bound);
  });

  test("rounds on the way to float64 where the kernel says so", () => {
    const b = new Builder();
    const given = b.array("input", [1], Float32Array.of(0.1));
    const squared: Expr = { kind: "cast", dtype: "float32", value: call("mul", x(0), x(0)) };
    const error = call("sub", cast(squared, "float64"), cast(call("mul", x(0), x(0)), "float64"));
    b.call(map1(cast(error, "float32")), [given], b.array("output", [1]));
    expectSame(b.program(), b.bound);
  });

  test("rounds what was in memory, not what stands in for it", () => {
    const b = new Builder();
    const given = b.array("input", [2], Float32Array.of(0.1, 0.2));
    const before = call("sub", coord(0), 1);
    const padded = guardedLoad(0, "float32", [before], call("ge", before, 0), constant(0.1));
    const isEqual = cast(call("eq", padded, constant(0.1)), "int32");
    b.call(map1(isEqual), [given], b.array("output", [2], new Int32Array(2)));
    expectSame(b.program(), b.bound);
  });

  test("moves signs without changing a result", () => {
    const b = new Builder();
    const edge = [0, -0, 1, -2.5, Number.NaN, Number.POSITIVE_INFINITY];
    const all = edge.flatMap((one) => edge.map((two) => [one, two] as const));
    const n = all.length;
    const one = b.array(
      "input",
      [n],
      Float32Array.from(all, ([v]) => v),
    );
    const two = b.array(
      "input",
      [n],
      Float32Array.from(all, ([, v]) => v),
    );
    const [minusX, minusY] = [call("neg", x(0)), call("neg", y(0))];
    for (const value of [
      call("add", x(0), minusY),
      call("add", minusX, y(0)),
      call("add", minusX, minusY),
      call("sub", x(0), minusY),
      call("sub", minusX, y(0)),
      call("mul", minusX, y(0)),
      call("mul", x(0), minusY),
      call("mul", minusX, minusY),
      call("div", minusX, y(0)),
      call("div", x(0), minusY),
      call("add", call("mul", x(0), -1), call("mul", minusY, x(0))),
    ])
      b.call(map2(value), [one, two], b.array("output", [n]));
    expectSame(b.program(), b.bound);
  });

  test("does not touch an element out of range behind a guard of the run", () => {
    const b = new Builder();
    const table = b.array("input", [3], Float32Array.of(5, 6, 7));
    const mask = b.array("input", [4], Uint8Array.of(0, 1, 0, 1));
    const open = call("ne", load(1, "uint8", [coord(0)]), 0);
    const before = call("sub", coord(0), 1);
    const shifted = guardedLoad(0, "float32", [before], open, constant(-1));
    const index = b.array("input", [4], Int32Array.of(9, 2, -4, 0));
    const picked = guardedLoad(0, "float32", [load(2, "int32", [coord(0)])], open, constant(-1));
    const inputs = [spec(1), spec(1, "uint8"), spec(1, "int32")];
    const kernel = makeKernel({ outer: 1, inputs, outputs: [shifted, picked] });
    const results = [b.array("output", [4]), b.array("output", [4])];
    b.call(kernel, [table, mask, index], ...results);
    expectSame(b.program(), b.bound);
    const { bind, run } = instance(generate(b.program()), b.program());
    for (const [buffer, data] of b.bound) bind(buffer, data);
    run();
    expect(results.map(({ buffer }) => [...(b.bound.get(buffer) ?? [])])).toEqual([
      [-1, 5, -1, 7],
      [-1, 7, -1, 5],
    ]);
  });

  test("folds what constants and coordinates decide", () => {
    const b = new Builder();
    const table = b.array("constant", [4], Float32Array.of(5, 6, 7, 8));
    const shifted = call("sub", coord(0), 1);
    const pad = guardedLoad(0, "float32", [shifted], call("ge", shifted, 0), constant(-1));
    b.call(map1(call("add", pad, cast(coord(0), "float32"))), [table], b.array("output", [4]));
    expect(runOf(b)).toMatchInlineSnapshot(`
      "function run() {
        const x1 = bound1;
        const v0 = -1;
        const v1 = 6;
        const v2 = 8;
        const v3 = 10;
        x1[0] = v0;
        x1[1] = v1;
        x1[2] = v2;
        x1[3] = v3;
      }
      "
    `);
    expectSame(b.program(), b.bound);
  });

  const gather = makeKernel({
    name: "gather",
    outer: 1,
    inputs: [spec(1), spec(1, "int32")],
    outputs: [load(0, "float32", [load(1, "int32", [coord(0)])])],
  });

  test.each<BufferRole>(["input", "state", "constant"])("gathers from an %s", (role) => {
    const b = new Builder();
    const table = b.array(role, [4], Float32Array.of(5, 6, 7, 8));
    const index = b.array("input", [3], Int32Array.of(2, 0, 3));
    b.call(gather, [{ ...table, layout: layout([4]) }, index], b.array("output", [3]));
    expect(runOf(b)).not.toContain("for (");
    expectSame(b.program(), b.bound);
  });

  test("gives way to loops where an index of the run picks a temporary or what was written", () => {
    for (const role of ["temporary", "state"] as const) {
      const b = new Builder();
      const given = b.array("input", [4], Float32Array.of(5, 6, 7, 8));
      const index = b.array("input", [3], Int32Array.of(2, 0, 3));
      const table = b.call(map1(call("neg", x(0))), [given], b.array(role, [4]));
      b.call(gather, [table, index], b.array("output", [3]));
      expect(generate(b.program()).way).toBe("loops");
      expectSame(b.program(), b.bound);
    }
  });

  test("gives way to loops where expressions get deep, or folding takes long", () => {
    const deep = new Builder();
    let last = deep.array("input", [1], Float32Array.of(1));
    const next = map1(call("mul", x(0), 1.5));
    for (let i = 0; i < 600; i++) last = deep.call(next, [last], deep.array("temporary", [1]));
    deep.call(map1(x(0)), [last], deep.array("output", [1]));
    expect(generate(deep.program()).way).toBe("loops");

    const long = new Builder();
    const zeros = long.call(
      map1(constant(0)),
      [long.array("input", [1])],
      long.array("temporary", [1e9], new Float32Array(0)),
    );
    long.call(map1(x(0)), [{ ...zeros, layout: layout([1]) }], long.array("output", [1]));
    expect(generate(long.program()).way).toBe("loops");
  });

  const nan = Number.NaN;
  const inf = Number.POSITIVE_INFINITY;
  const rows: readonly (readonly number[])[] = [
    [],
    [-0],
    [nan],
    [-inf, -inf],
    [1, 3, 3, 2],
    [1, nan, 5, nan, 9],
    [-0, 0, -0],
    [inf, -inf, 4, 4, 4, 4, 4, -3],
  ];
  const reducers: readonly Reducer[] = ["sum", "prod", "max", "min", "argmax", "argmin"];
  test.each(reducers)("reduces by %s as the interpreter does", (reduce) => {
    for (const row of rows)
      for (const make of [Float32Array, Int32Array, Uint8Array]) {
        const b = new Builder();
        const data = make.from(row);
        const given = b.array("input", [1, row.length], data);
        const { dtype } = b.buffers[0] as ProgramBuffer;
        const kernel = reduceRows(reduce, dtype);
        const result = newArray(kernel.outputs[0]?.dtype ?? dtype, 1);
        b.call(kernel, [given], b.array("output", [1], result));
        expectSame(b.program(), b.bound);
      }
  });
});

test("a row of a softmax is computed once in both ways", () => {
  const b = new Builder();
  const given = b.array(
    "input",
    [3, 5],
    Float32Array.from({ length: 15 }, (_, i) => i % 4),
  );
  b.call(softmax, [given], b.array("output", [3, 5]));
  expect(generate(b.program()).text.match(/Math\.exp/g)).toHaveLength(15);
  expectSame(b.program(), b.bound);
});

test("generated programs agree with the interpreter on random programs", () => {
  fc.assert(
    fc.property(randomPlacedProgram, ({ program, bound }) => expectSame(program, bound)),
    { numRuns: 300 },
  );
});
