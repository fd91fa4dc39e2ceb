import {
  type CompiledKernel,
  call,
  cast,
  checkKernel,
  coord,
  type DType,
  type Expr,
  type Kernel,
  type Layout,
  layout,
  load,
  newArray,
  type Operand,
  operandSpec,
  recognizeContraction,
  type StageValue,
  type TypedArray,
} from "@chainrule/kernel";
import { describe, expect, test } from "vitest";
import { js } from "./backend.js";

const generating = js();
const strict = js({ csp: "strict" });

const product: StageValue = { kind: "stage", dtype: "float32", stage: 0 };

interface Arrays {
  readonly layouts: readonly Layout[];
  readonly data: readonly TypedArray[];
}

/**
 * A kernel whose stage 0 is the sum over the last axis of a[…] b[…]: `a`, `b` list the axis of each
 * dimension. Further inputs lie along the outer axes.
 */
function contraction(
  outer: number,
  a: readonly number[],
  b: readonly number[],
  layouts: readonly Layout[],
  outputs: readonly Expr[],
  { dtype = "float32", aliases }: { dtype?: DType; aliases?: number } = {},
): Kernel {
  const inputs = layouts.slice(0, -outputs.length);
  const value = call(
    "mul",
    load(
      0,
      dtype,
      a.map((axis) => coord(axis)),
    ),
    load(
      1,
      dtype,
      b.map((axis) => coord(axis)),
    ),
  );
  const k = a.indexOf(outer);
  const kernel: Kernel = {
    name: "product",
    outer,
    axes: [
      ...Array.from({ length: outer }, (_, dim) => ({ operand: inputs.length, dim })),
      { operand: 0, dim: k },
    ],
    inputs: inputs.map((l) => operandSpec(dtype, l)),
    scalars: [],
    stages: [{ axes: [outer], reduce: "sum", value, dtype }],
    outputs: outputs.map((output, o) => {
      const spec = operandSpec(output.dtype, layouts[inputs.length + o] ?? layout([]));
      return aliases === undefined
        ? { ...spec, value: output }
        : { ...spec, value: output, aliases };
    }),
  };
  const note = recognizeContraction(kernel);
  if (note === undefined) throw new Error("not a contraction");
  checkKernel({ ...kernel, contraction: note });
  return { ...kernel, contraction: note };
}

function operand(data: TypedArray, l: Layout, dtype: DType): Operand {
  return { buffer: { data, dtype }, layout: l, offset: 0, dtype };
}

/** Small integers: sums of their products are exact in any order. */
function fill({ size }: Layout, dtype: DType, seed: number): TypedArray {
  const data = newArray(dtype, size);
  for (let i = 0; i < size; i++) data[i] = ((i * 29 + seed * 7) % 11) - 5;
  return data;
}

function runOn(
  compiled: CompiledKernel,
  kernel: Kernel,
  { layouts, data }: Arrays,
  aliases: number | undefined,
): TypedArray[] {
  const count = kernel.inputs.length;
  const copies = data.map((array) => array.slice());
  const operands = layouts.map((l, i) => {
    const dtype = [...kernel.inputs, ...kernel.outputs][i]?.dtype ?? "float32";
    const shared = i >= count && aliases !== undefined ? copies[aliases] : copies[i];
    return operand(shared ?? newArray(dtype, l.size), l, dtype);
  });
  compiled.run(operands.slice(0, count), [], operands.slice(count));
  return operands.slice(count).map(({ buffer }) => (buffer as { data: TypedArray }).data);
}

/** Checks the backend, generating and strict, against the interpreter without the note. */
function expectSame(kernel: Kernel, layouts: readonly Layout[], aliases?: number): void {
  const specs = [...kernel.inputs, ...kernel.outputs];
  const data = layouts.map((l, i) => fill(l, specs[i]?.dtype ?? "float32", i));
  const { contraction: _, ...plain } = kernel;
  const expected = runOn(strict.compileKernel(plain), plain, { layouts, data }, aliases);
  for (const backend of [generating, strict])
    expect(runOn(backend.compileKernel(kernel), kernel, { layouts, data }, aliases)).toEqual(
      expected,
    );
}

function transposed(rows: number, columns: number): Layout {
  return layout([rows, columns], [1, rows]);
}

describe("a kernel that is a matrix product", () => {
  const shapes = [
    [0, 3, 4],
    [1, 1, 1],
    [4, 4, 2],
    [3, 5, 64],
    [9, 10, 11],
    [17, 33, 20],
    [8, 8, 0],
  ] as const;

  test.each(shapes)("[%i, %i] of depth %i in all layouts", (m, n, k) => {
    for (const a of [layout([m, k]), transposed(m, k)])
      for (const b of [layout([k, n]), transposed(k, n)])
        for (const out of [layout([m, n]), transposed(m, n)]) {
          const layouts = [a, b, out];
          expectSame(contraction(2, [0, 2], [2, 1], layouts, [product]), layouts);
        }
  });

  test("of float64 and of wrapping int32", () => {
    const layouts = [layout([9, 12]), layout([12, 9]), layout([9, 9])];
    for (const dtype of ["float64", "int32"] as const) {
      const value: StageValue = { ...product, dtype };
      expectSame(contraction(2, [0, 2], [2, 1], layouts, [value], { dtype }), layouts);
    }
    const kernel = contraction(2, [0, 2], [2, 1], layouts, [{ ...product, dtype: "int32" }], {
      dtype: "int32",
    });
    const data = [
      new Int32Array(108).fill(65537),
      new Int32Array(108).fill(65537),
      new Int32Array(81),
    ];
    const [out] = runOn(generating.compileKernel(kernel), kernel, { layouts, data }, undefined);
    expect(out?.[0]).toBe(Number(BigInt.asIntN(32, 12n * 65537n * 65537n)));
  });

  test("in a batch, with one side repeated, and with a vector on one side", () => {
    const batch = [layout([3, 8, 9]), layout([3, 9, 10]), layout([3, 8, 10])];
    expectSame(contraction(3, [0, 1, 3], [0, 3, 2], batch, [product]), batch);
    const shared = [layout([3, 8, 9]), layout([9, 10]), layout([3, 8, 10])];
    expectSame(contraction(3, [0, 1, 3], [3, 2], shared, [product]), shared);
    const repeated = [layout([3, 8, 9]), layout([3, 9, 10], [0, 10, 1]), layout([3, 8, 10])];
    expectSame(contraction(3, [0, 1, 3], [0, 3, 2], repeated, [product]), repeated);
    const vector = [layout([30, 40]), layout([40]), layout([30])];
    expectSame(contraction(1, [0, 1], [1], vector, [product]), vector);
  });

  test("then computes an epilogue: bias and relu, in place in the output", () => {
    const layouts = [layout([9, 12]), layout([12, 9]), layout([9, 9], [0, 1]), layout([9, 9])];
    const bias = load(2, "float32", [coord(0), coord(1)]);
    const output = call("max", call("add", product, bias), 0);
    expectSame(contraction(2, [0, 2], [2, 1], layouts, [output]), layouts);
  });

  test("then computes an epilogue that overwrites an input, has more outputs or another dtype", () => {
    const layouts = [layout([9, 12]), layout([12, 9]), layout([9, 9]), layout([9, 9])];
    const weight = load(2, "float32", [coord(0), coord(1)]);
    const update = call("sub", weight, call("mul", product, 0.5));
    expectSame(contraction(2, [0, 2], [2, 1], layouts, [update], { aliases: 2 }), layouts, 2);
    const two = [...layouts.slice(0, 3), layout([9, 9]), layout([9, 9])];
    expectSame(contraction(2, [0, 2], [2, 1], two, [product, update]), two);
    const positive = call("gt", product, 0);
    expectSame(contraction(2, [0, 2], [2, 1], layouts, [positive]), layouts);
    expectSame(contraction(2, [0, 2], [2, 1], layouts, [cast(product, "int32")]), layouts);
  });

  test("then computes further stages, over an axis that the product does not have too", () => {
    // out[i, j, q] = (a b)[i, j] + max over r of c[q, r]
    const layouts = [layout([9, 12]), layout([12, 9]), layout([2, 3]), layout([9, 9, 2])];
    const base = contraction(3, [0, 3], [3, 1], layouts, [product]);
    const kernel: Kernel = {
      ...base,
      axes: [...base.axes, { operand: 2, dim: 1 }],
      stages: [
        ...base.stages,
        {
          axes: [4],
          reduce: "max",
          value: load(2, "float32", [coord(2), coord(4)]),
          dtype: "float32",
        },
      ],
      outputs: base.outputs.map((output) => ({
        ...output,
        value: call("add", product, { ...product, stage: 1 }),
      })),
    };
    checkKernel(kernel);
    expectSame(kernel, layouts);
  });

  test("keeps working at other sizes and strides than those of the first run", () => {
    const small = [layout([2, 3]), layout([3, 2]), layout([2, 2])];
    const kernel = contraction(2, [0, 2], [2, 1], small, [product]);
    const compiled = generating.compileKernel(kernel);
    for (const [m, k, n] of [
      [2, 3, 2],
      [20, 30, 40],
      [2, 3, 2],
      [5, 600, 7],
    ] as const) {
      const layouts = [layout([m, k]), layout([k, n]), layout([m, n])];
      const data = layouts.map((l, i) => fill(l, "float32", i));
      const { contraction: _, ...plain } = kernel;
      const arrays = { layouts, data };
      expect(runOn(compiled, kernel, arrays, undefined)).toEqual(
        runOn(strict.compileKernel(plain), plain, arrays, undefined),
      );
    }
  });
});
