import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, load, stageValue } from "../expr.js";
import { layout } from "../layout.js";
import type { ProgramBuffer, View } from "../program/program.js";
import { makeKernel, matmul, softmax, spec } from "../test-kernels.js";
import { randomPlacedProgram } from "./random-placed-program.js";
import { Builder, expectSame, generate, instance, map1, ways, x, y } from "./test-instances.js";

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
