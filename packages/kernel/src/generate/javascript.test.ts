import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DType, dtypes, kindOf, newArray, type TypedArray } from "../dtype.js";
import { evaluateCall, evaluateCast } from "../evaluate.js";
import { call, cast, constant, coord, type Expr, guardedLoad, load, stageValue } from "../expr.js";
import { type HostOperand, interpretKernel } from "../interpret.js";
import { type Intrinsic, intrinsicInfo, intrinsics } from "../intrinsics.js";
import type { CompiledKernel, Kernel, Reducer } from "../kernel.js";
import { layout } from "../layout.js";
import { checkKernel } from "../spec.js";
import { empty, host, makeKernel, matmul, reduceRows, softmax, spec } from "../test-kernels.js";
import { generateJavaScript } from "./javascript.js";
import { copyOf, difference, randomCase } from "./random-kernel.js";

const stored: readonly DType[] = dtypes.filter((dtype) => dtype !== "float16");
const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;

function compile(kernel: Kernel): CompiledKernel["run"] {
  return new Function(`"use strict"; return ${generateJavaScript(kernel)};`)();
}

function run(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  outputs: readonly HostOperand[],
  scalars: readonly number[] = [],
): void {
  const operand = ({ data, layout: l, offset }: HostOperand) => ({
    buffer: { data },
    layout: l,
    offset,
    dtype: "float32" as const,
  });
  compile(kernel)(inputs.map(operand), scalars, outputs.map(operand));
}

/** Checks the generated code against the interpreter, to the bit unless sums are reordered. */
function expectSame(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  outputs: readonly HostOperand[],
  scalars: readonly number[] = [],
): void {
  checkKernel(kernel);
  const expected = outputs.map(copyOf);
  const got = outputs.map(copyOf);
  interpretKernel(kernel, inputs, scalars, expected);
  run(kernel, inputs, got, scalars);
  for (const [o, { data }] of expected.entries())
    expect(difference(data, (got[o] ?? { data }).data), generateJavaScript(kernel)).toBeUndefined();
}

const x = (...index: number[]): Expr => load(0, "float32", index.map(coord));
const y = (...index: number[]): Expr => load(1, "float32", index.map(coord));

const columnSum = makeKernel({
  name: "column sum",
  outer: 1,
  inputs: [spec(2)],
  inner: [{ operand: 0, dim: 0 }],
  stages: [{ axes: [1], reduce: "sum", dtype: "float32", value: x(1, 0) }],
  outputs: [stageValue(0, "float32")],
});

describe("generated source", () => {
  test("of a scalar addition is a straight line", () => {
    const add = makeKernel({
      outer: 0,
      inputs: [spec(0), spec(0)],
      outputs: [call("add", x(), y())],
    });
    expect(generateJavaScript(add)).toMatchInlineSnapshot(`
      "function kernel_test(inputs, scalars, outputs) {
        const x0 = inputs[0].buffer.data;
        const x0_at = inputs[0].offset;
        const x1 = inputs[1].buffer.data;
        const x1_at = inputs[1].offset;
        const y0 = outputs[0].buffer.data;
        const y0_at = outputs[0].offset;
        y0[y0_at] = x0[x0_at] + x1[x1_at];
      }"
    `);
  });

  test("of relu has a loop for arrays that start at 0 and one for others", () => {
    const relu = makeKernel({
      name: "relu",
      outer: 1,
      inputs: [spec(1)],
      outputs: [call("max", x(0), 0)],
    });
    expect(generateJavaScript(relu)).toMatchInlineSnapshot(`
      "(() => {
      const or_0 = new Float64Array([0, 0]);
      return function kernel_relu(inputs, scalars, outputs) {
        const x0 = inputs[0].buffer.data;
        const x0_at = inputs[0].offset;
        const y0 = outputs[0].buffer.data;
        const y0_at = outputs[0].offset;
        const n0 = outputs[0].layout.shape[0];
        if ((x0_at | y0_at) === 0) {
          for (let i0 = 0; i0 < n0; i0++) {
            const t0 = x0[i0];
            y0[i0] = (or_0[1] = t0, or_0[+!(t0 <= 0)]);
          }
        } else {
          for (let i0 = 0; i0 < n0; i0++) {
            const t0 = x0[x0_at + i0 | 0];
            y0[y0_at + i0 | 0] = (or_0[1] = t0, or_0[+!(t0 <= 0)]);
          }
        }
      };
      })()"
    `);
  });

  test("of column sums keeps four totals of neighbouring columns", () => {
    expect(generateJavaScript(columnSum)).toMatchInlineSnapshot(`
      "function kernel_column_sum(inputs, scalars, outputs) {
        const x0 = inputs[0].buffer.data;
        const x0_at = inputs[0].offset;
        const x0_s0 = inputs[0].layout.strides[0];
        const y0 = outputs[0].buffer.data;
        const y0_at = outputs[0].offset;
        const n0 = outputs[0].layout.shape[0];
        const n1 = inputs[0].layout.shape[0];
        let i0 = 0;
        for (; i0 < n0 - 3; i0 += 4) {
          const x0_at0 = x0_at + i0 | 0;
          let sum0 = 0;
          let sum0_1 = 0;
          let sum0_2 = 0;
          let sum0_3 = 0;
          for (let i1 = 0, x0_at1 = x0_at0; i1 < n1; i1++, x0_at1 = x0_at1 + x0_s0 | 0) {
            sum0 = sum0 + x0[x0_at1];
            sum0_1 = sum0_1 + x0[x0_at1 + 1 | 0];
            sum0_2 = sum0_2 + x0[x0_at1 + 2 | 0];
            sum0_3 = sum0_3 + x0[x0_at1 + 3 | 0];
          }
          y0[y0_at + i0 | 0] = sum0;
          y0[y0_at + i0 + 1 | 0] = sum0_1;
          y0[y0_at + i0 + 2 | 0] = sum0_2;
          y0[y0_at + i0 + 3 | 0] = sum0_3;
        }
        for (; i0 < n0; i0++) {
          const x0_at0 = x0_at + i0 | 0;
          let sum0 = 0;
          for (let i1 = 0, x0_at1 = x0_at0; i1 < n1; i1++, x0_at1 = x0_at1 + x0_s0 | 0) {
            sum0 = sum0 + x0[x0_at1];
          }
          y0[y0_at + i0 | 0] = sum0;
        }
      }"
    `);
  });

  test("of softmax computes each stage once per row", () => {
    expect(generateJavaScript(softmax)).toMatchInlineSnapshot(`
      "function kernel_softmax(inputs, scalars, outputs) {
        const x0 = inputs[0].buffer.data;
        const x0_at = inputs[0].offset;
        const x0_s0 = inputs[0].layout.strides[0];
        const y0 = outputs[0].buffer.data;
        const y0_at = outputs[0].offset;
        const y0_s0 = outputs[0].layout.strides[0];
        const n0 = outputs[0].layout.shape[0];
        const n1 = outputs[0].layout.shape[1];
        const n2 = inputs[0].layout.shape[1];
        const n3 = inputs[0].layout.shape[1];
        for (let i0 = 0, x0_at0 = x0_at, y0_at0 = y0_at; i0 < n0; i0++, x0_at0 = x0_at0 + x0_s0 | 0, y0_at0 = y0_at0 + y0_s0 | 0) {
          let max0 = -Infinity;
          let max0_1 = -Infinity;
          let max0_2 = -Infinity;
          let max0_3 = -Infinity;
          let i2 = 0;
          for (; i2 < n2 - 3; i2 += 4) {
            max0 = Math.max(max0, x0[x0_at0 + i2 | 0]);
            max0_1 = Math.max(max0_1, x0[x0_at0 + i2 + 1 | 0]);
            max0_2 = Math.max(max0_2, x0[x0_at0 + i2 + 2 | 0]);
            max0_3 = Math.max(max0_3, x0[x0_at0 + i2 + 3 | 0]);
          }
          for (; i2 < n2; i2++) {
            max0 = Math.max(max0, x0[x0_at0 + i2 | 0]);
          }
          max0 = Math.max(max0, max0_1);
          max0_2 = Math.max(max0_2, max0_3);
          max0 = Math.max(max0, max0_2);
          let sum1 = 0;
          let sum1_1 = 0;
          let sum1_2 = 0;
          let sum1_3 = 0;
          let i3 = 0;
          for (; i3 < n3 - 3; i3 += 4) {
            sum1 = sum1 + Math.exp(x0[x0_at0 + i3 | 0] - max0);
            sum1_1 = sum1_1 + Math.exp(x0[x0_at0 + i3 + 1 | 0] - max0);
            sum1_2 = sum1_2 + Math.exp(x0[x0_at0 + i3 + 2 | 0] - max0);
            sum1_3 = sum1_3 + Math.exp(x0[x0_at0 + i3 + 3 | 0] - max0);
          }
          for (; i3 < n3; i3++) {
            sum1 = sum1 + Math.exp(x0[x0_at0 + i3 | 0] - max0);
          }
          sum1 = sum1 + sum1_1;
          sum1_2 = sum1_2 + sum1_3;
          sum1 = sum1 + sum1_2;
          for (let i1 = 0; i1 < n1; i1++) {
            y0[y0_at0 + i1 | 0] = Math.exp(x0[x0_at0 + i1 | 0] - max0) / sum1;
          }
        }
      }"
    `);
  });

  test("of a padded gather names the index and reads it where the guard holds", () => {
    const at = call("sub", call("mul", coord(0), 2), 1);
    const guard = call("and", call("ge", at, 0), call("lt", at, 7));
    const position = load(1, "int32", [at]);
    const kernel = makeKernel({
      name: "gather",
      outer: 1,
      inputs: [spec(1), spec(1, "int32")],
      outputs: [guardedLoad(0, "float32", [position], guard, constant(-1))],
    });
    expect(generateJavaScript(kernel)).toMatchInlineSnapshot(`
      "function kernel_gather(inputs, scalars, outputs) {
        const x0 = inputs[0].buffer.data;
        const x0_at = inputs[0].offset;
        const x1 = inputs[1].buffer.data;
        const x1_at = inputs[1].offset;
        const y0 = outputs[0].buffer.data;
        const y0_at = outputs[0].offset;
        const n0 = outputs[0].layout.shape[0];
        if ((y0_at) === 0) {
          const x1_at_from = x1_at - 1 | 0;
          for (let i0 = 0, x1_at0 = x1_at_from; i0 < n0; i0++, x1_at0 = x1_at0 + 2 | 0) {
            const t0 = Math.imul(i0, 2) - 1 | 0;
            y0[i0] = t0 >= 0 && t0 < 7 ? x0[x0_at + x1[x1_at0] | 0] : -1;
          }
        } else {
          const x1_at_from = x1_at - 1 | 0;
          for (let i0 = 0, x1_at0 = x1_at_from; i0 < n0; i0++, x1_at0 = x1_at0 + 2 | 0) {
            const t0 = Math.imul(i0, 2) - 1 | 0;
            y0[y0_at + i0 | 0] = t0 >= 0 && t0 < 7 ? x0[x0_at + x1[x1_at0] | 0] : -1;
          }
        }
      }"
    `);
  });

  test("is refused for float16", () => {
    const kernel = makeKernel({
      outer: 0,
      inputs: [spec(0, "float16")],
      outputs: [load(0, "float16", [])],
    });
    expect(() => generateJavaScript(kernel)).toThrow("expected one JavaScript stores, got float16");
  });
});

/** The interesting values of a dtype. */
function specials(dtype: DType): number[] {
  if (dtype === "bool") return [0, 1];
  if (dtype === "uint8") return [0, 1, 2, 3, 127, 128, 254, 255];
  if (dtype === "int32") return [0, 1, -1, 2, -2, 3, -7, 8, 31, 46341, 2147483647, -2147483648];
  const halves = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.1, 4503599627370495.5];
  return [0, -0, 1, -1, 2, -3, 7, ...halves, 300, -1e10, 1e300, nan, inf, -inf];
}

function kindsOf(fn: Intrinsic): DType[] {
  const { operands } = intrinsicInfo(fn);
  // float32 prints as float64 does, and rounds when it is stored.
  return stored.filter(
    (dtype) =>
      dtype !== "float32" &&
      (operands === "any" ||
        operands === kindOf(dtype) ||
        (operands === "number" && kindOf(dtype) !== "bool")),
  );
}

describe("every intrinsic means what the evaluator says", () => {
  const cases = (Object.keys(intrinsics) as Intrinsic[]).flatMap((fn) =>
    kindsOf(fn).map((dtype) => [fn, dtype] as const),
  );
  test.each(cases)("%s of %s", (fn, dtype) => {
    const { arity, result } = intrinsicInfo(fn);
    const values = specials(dtype).filter(
      (value) => !fn.startsWith("shift") || Math.abs(value) < 32,
    );
    const first = fn === "select" ? [0, 1] : specials(dtype);
    const columns: number[][] = Array.from({ length: arity }, () => []);
    for (const a of first)
      for (const b of arity > 1 ? values : [0])
        for (const c of arity > 2 ? values : [0]) {
          if (fn.startsWith("shift") && b < 0) continue;
          for (const [i, v] of [a, b, c].slice(0, arity).entries()) columns[i]?.push(v);
        }
    const inputs = columns.map((column, i) =>
      host(column, [column.length], fn === "select" && i === 0 ? "bool" : dtype),
    );
    const loads = columns.map((_, i) =>
      load(i, fn === "select" && i === 0 ? "bool" : dtype, [coord(0)]),
    );
    const out = result === "bool" ? "bool" : dtype;
    const kernel = makeKernel({
      outer: 1,
      inputs: inputs.map((_, i) => spec(1, fn === "select" && i === 0 ? "bool" : dtype)),
      outputs: [call(fn, ...loads)],
    });
    const output = empty([columns[0]?.length ?? 0], out);
    run(kernel, inputs, [output]);
    const expected = newArray(out, output.data.length);
    for (const [i] of expected.entries())
      expected[i] = evaluateCall(
        fn,
        out,
        columns.map((column) => column[i] ?? nan),
      );
    expect([...output.data]).toEqual([...expected]);
  });

  test.each(["max", "min", "floorDiv", "mod", "pow"] as const)("%s with a constant", (fn) => {
    for (const dtype of kindsOf(fn))
      for (const value of specials(dtype)) {
        const column = specials(dtype);
        const constants = constant(value, dtype);
        for (const swapped of [false, true]) {
          const item = load(0, dtype, [coord(0)]);
          const kernel = makeKernel({
            outer: 1,
            inputs: [spec(1, dtype)],
            outputs: [swapped ? call(fn, constants, item) : call(fn, item, constants)],
          });
          expectSame(
            kernel,
            [host(column, [column.length], dtype)],
            [empty([column.length], dtype)],
          );
        }
      }
  });

  test("select chooses constants without losing NaN, infinities or the sign of zero", () => {
    const values = [nan, inf, -inf, -0, 0, 1, -1];
    for (const constants of [0, -0, 1.5, nan, inf]) {
      for (const outputs of [
        call("select", call("gt", x(0), 0), y(0), constant(constants)),
        call("select", call("gt", x(0), 0), constant(constants), y(0)),
        call("max", call("max", x(0), 0), call("max", y(0), 0)),
      ])
        expectSame(
          makeKernel({ outer: 1, inputs: [spec(1), spec(1)], outputs: [outputs] }),
          [host(values), host([...values].reverse())],
          [empty([7])],
        );
    }
  });

  test.each(stored.flatMap((from) => stored.map((to) => [from, to] as const)))(
    "a cast of %s to %s",
    (from, to) => {
      const values = specials(from);
      const kernel = makeKernel({
        outer: 1,
        inputs: [spec(1, from)],
        outputs: [cast(load(0, from, [coord(0)]), to)],
      });
      const input = host(values, [values.length], from);
      const output = empty([values.length], to);
      run(kernel, [input], [output]);
      const expected = newArray(to, values.length);
      for (const [i, value] of input.data.entries()) expected[i] = evaluateCast(value, from, to);
      expect([...output.data]).toEqual([...expected]);
    },
  );
});

describe("reductions", () => {
  const sizes = [0, 1, 3, 4, 5, 8, 9];
  const reducers: readonly Reducer[] = ["sum", "prod", "max", "min", "argmax", "argmin"];

  test.each(reducers)("%s of rows and columns of all sizes around the blocks", (reduce) => {
    for (const dtype of ["float32", "int32", "uint8"] as const)
      for (const rows of sizes)
        for (const columns of sizes) {
          const values = Array.from({ length: rows * columns }, (_, i) => ((i * 7) % 5) - 2);
          const ofRows = reduceRows(reduce, dtype);
          const result = ofRows.outputs[0]?.dtype ?? dtype;
          const matrix = host(values, [rows, columns], dtype);
          expectSame(ofRows, [matrix], [empty([rows], result)]);
          const ofColumns: Kernel = {
            ...ofRows,
            axes: [
              { operand: 1, dim: 0 },
              { operand: 0, dim: 0 },
            ],
            stages: ofRows.stages.map((stage) => ({
              ...stage,
              value: load(0, dtype, [coord(1), coord(0)]),
            })),
          };
          expectSame(ofColumns, [matrix], [empty([columns], result)]);
        }
  });

  test.each(["argmax", "argmin", "max", "min"] as const)(
    "%s sees NaN and the first of ties",
    (r) => {
      const rows = [
        [1, 3, 3, 2, -1, -1],
        [nan, 9, -9, 0, 0, 0],
        [9, nan, -9, nan, 0, 0],
        [-inf, -inf, -inf, -inf, -inf, -inf],
        [inf, inf, inf, inf, inf, inf],
        [0, -0, 0, -0, 0, -0],
        [-0, 0, -0, 0, -0, 0],
      ];
      const result = r.startsWith("arg") ? "int32" : "float32";
      expectSame(reduceRows(r), [host(rows.flat(), [7, 6])], [empty([7], result)]);
    },
  );

  test("argmax over two axes counts positions row by row", () => {
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(3)],
      inner: [3, 4],
      stages: [{ axes: [1, 2], reduce: "argmax", dtype: "int32", value: x(1, 0, 2) }],
      outputs: [stageValue(0, "int32")],
    });
    const values = Array.from({ length: 60 }, (_, i) => (i * 37) % 11);
    expectSame(kernel, [host(values, [3, 5, 4])], [empty([5], "int32")]);
  });

  test("softmax over rows and over columns of any size", () => {
    const shifted = (i: number): Expr =>
      call("exp", call("sub", x(i, 1), stageValue(0, "float32")));
    const overColumns = makeKernel({
      outer: 2,
      inputs: [spec(2)],
      inner: [
        { operand: 0, dim: 0 },
        { operand: 0, dim: 0 },
      ],
      stages: [
        { axes: [2], reduce: "max", value: x(2, 1), dtype: "float32" },
        { axes: [3], reduce: "sum", value: shifted(3), dtype: "float32" },
      ],
      outputs: [call("div", shifted(0), stageValue(1, "float32"))],
    });
    for (const rows of sizes)
      for (const columns of sizes) {
        const values = Array.from({ length: rows * columns }, (_, i) => ((i * 13) % 17) / 4);
        for (const kernel of [softmax, overColumns])
          expectSame(kernel, [host(values, [rows, columns])], [empty([rows, columns])]);
      }
  });

  test("a blocked loop computes what all its columns share once", () => {
    const source = generateJavaScript(matmul);
    const inner = source.slice(source.indexOf("i2++"), source.indexOf("}", source.indexOf("i2++")));
    expect(inner.match(/x0\[/g)).toHaveLength(1);
    expect(inner.match(/x1\[/g)).toHaveLength(4);
  });
});

test("outputs that overwrite inputs read before they write", () => {
  // Momentum: v = 0.5 v + g; w = w - lr v.
  const velocity = call("add", call("mul", x(0), 0.5), load(2, "float32", [coord(0)]));
  const kernel = makeKernel({
    outer: 1,
    inputs: [spec(1), spec(1), spec(1)],
    scalars: ["float32"],
    outputs: [
      velocity,
      call("sub", y(0), call("mul", { kind: "scalar", dtype: "float32", index: 0 }, velocity)),
    ],
  });
  const aliased: Kernel = {
    ...kernel,
    outputs: kernel.outputs.map((output, o) => ({ ...output, aliases: o })),
  };
  const v = host([1, 2, 3, 4, 5]);
  const w = host([10, 20, 30, 40, 50]);
  const g = host([1, 1, 1, 1, 1]);
  run(aliased, [v, w, g], [v, w], [2]);
  expect([...v.data]).toEqual([1.5, 2, 2.5, 3, 3.5]);
  expect([...w.data]).toEqual([7, 16, 25, 34, 43]);
});

test("a load under a false guard is not made", () => {
  const touched: string[] = [];
  const data = new Proxy(new Float32Array([5, 6]), {
    get: (target, key) => {
      touched.push(String(key));
      return target[Number(key)];
    },
  }) as TypedArray;
  const at = call("sub", coord(0), 1);
  const kernel = makeKernel({
    outer: 1,
    inputs: [spec(1)],
    outputs: [guardedLoad(0, "float32", [at], call("ge", at, 0), constant(9))],
  });
  const output = empty([3]);
  run(kernel, [{ data, layout: layout([2]), offset: 0 }], [output]);
  expect([...output.data]).toEqual([9, 5, 6]);
  expect(touched).toEqual(["0", "1"]);
});

test("generated code agrees with the interpreter on random kernels", () => {
  fc.assert(
    fc.property(randomCase, ({ kernel, inputs, scalars, outputs }) =>
      expectSame(kernel, inputs, outputs, scalars),
    ),
    { numRuns: 300, seed: 20261121, endOnFailure: true },
  );
});
