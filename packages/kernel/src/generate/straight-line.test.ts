import { describe, expect, test } from "vitest";
import { newArray } from "../dtype.js";
import { call, cast, constant, coord, type Expr, guardedLoad, load } from "../expr.js";
import type { Reducer } from "../kernel.js";
import { layout } from "../layout.js";
import type { BufferRole, ProgramBuffer, View } from "../program/program.js";
import { makeKernel, reduceRows, spec } from "../test-kernels.js";
import { Builder, expectSame, generate, instance, map1, map2, x, y } from "./test-instances.js";

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
