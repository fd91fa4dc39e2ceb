// Sums and products longer than the blocks that backends work in. The elements are small integers,
// so that sums are exact in any order and a lost block shows.

import {
  call,
  coord,
  type Expr,
  type Kernel,
  layout,
  load,
  operandSpec,
  recognizeContraction,
  stageValue,
} from "@chainrule/kernel";
import { storedAs } from "../values.js";
import type { KernelCase } from "./chosen-kernels.js";

const f32 = "float32";

/** Every long kernel. */
export function longKernels(): KernelCase[] {
  return [
    longSum("a long sum", [2, 5000], [5000, 1]),
    longSum("a long sum with gaps", [3, 3000], [1, 3]),
    product("a deep product", { m: 5, n: 7, k: 1100 }),
    product("a deep product of two vectors", { m: 1, n: 1, k: 3000 }),
    product("a wide product", { m: 70, n: 66, k: 9 }),
    product("a wide product of transposed matrices", { m: 35, n: 34, k: 19, transposed: true }),
    product("products in a batch", { m: 9, n: 11, k: 20, batch: 3 }),
    product("a product that is changed afterwards", { m: 17, n: 13, k: 12, epilogue: true }),
  ];
}

/** `length` integers from -4 to 4 without a period that a block could have. */
function integers(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => (((i * i + 7 * i + seed) % 101) % 9) - 4);
}

function longSum(
  title: string,
  shape: readonly [number, number],
  strides: readonly [number, number],
): KernelCase {
  const matrix = layout(shape, strides);
  const target = layout([shape[0]]);
  return {
    title,
    kernel: {
      name: "long",
      outer: 1,
      axes: [
        { operand: 0, dim: 0 },
        { operand: 0, dim: 1 },
      ],
      inputs: [operandSpec(f32, matrix)],
      scalars: [],
      stages: [{ axes: [1], reduce: "sum", value: load(0, f32, [coord(0), coord(1)]), dtype: f32 }],
      outputs: [{ ...operandSpec(f32, target), value: stageValue(0, f32) }],
    },
    inputs: [{ data: storedAs(integers(matrix.size, 3), f32), layout: matrix, offset: 0 }],
    scalars: [],
    outputs: [{ dtype: f32, layout: target, offset: 0, length: target.size }],
  };
}

interface ProductOptions {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** So many products at once, all with the same left matrix. */
  readonly batch?: number;
  /** Whether both matrices lie column by column. */
  readonly transposed?: boolean;
  /** Whether half of a third matrix is added, and what is negative becomes 0. */
  readonly epilogue?: boolean;
}

function product(title: string, options: ProductOptions): KernelCase {
  const { m, n, k, batch = 1, transposed = false, epilogue = false } = options;
  const [b, i, j, l] = [0, 1, 2, 3].map(coord) as [Expr, Expr, Expr, Expr];
  const left = layout([batch, m, k], transposed ? [0, 1, m] : [0, k, 1]);
  const right = layout([batch, k, n], transposed ? [k * n, 1, k] : [k * n, n, 1]);
  const target = layout([batch, m, n]);
  const operands = [left, right, ...(epilogue ? [target] : [])];
  const sum = stageValue(0, f32);
  const added = call("add", sum, call("mul", load(2, f32, [b, i, j]), 0.5));
  const kernel: Kernel = {
    name: "long",
    outer: 3,
    axes: [...[0, 1, 2].map((dim) => ({ operand: operands.length, dim })), { operand: 0, dim: 2 }],
    inputs: operands.map((operand) => operandSpec(f32, operand)),
    scalars: [],
    stages: [
      {
        axes: [3],
        reduce: "sum",
        value: call("mul", load(0, f32, [b, i, l]), load(1, f32, [b, l, j])),
        dtype: f32,
      },
    ],
    outputs: [{ ...operandSpec(f32, target), value: epilogue ? call("max", added, 0) : sum }],
  };
  const contraction = recognizeContraction(kernel);
  return {
    title,
    kernel: contraction === undefined ? kernel : { ...kernel, contraction },
    inputs: operands.map((operand, o) => ({
      data: storedAs(integers(operand.size, o), f32),
      layout: operand,
      offset: 0,
    })),
    scalars: [],
    outputs: [{ dtype: f32, layout: target, offset: 0, length: target.size }],
  };
}
