// Kernels and operands that several tests use. Not part of the package.

import { type DType, newArray, type TypedArray } from "./dtype.js";
import { call, coord, type Expr, load, stageValue } from "./expr.js";
import { type HostOperand, interpretKernel } from "./interpret.js";
import { type Extent, type Kernel, type OperandSpec, operandSpec, type Stage } from "./kernel.js";
import { type Layout, layout } from "./layout.js";

/** A host operand that holds `values`; row-major float32 unless said otherwise. */
export function host(
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: DType = "float32",
): HostOperand {
  const data = newArray(dtype, values.length);
  data.set(values);
  return { data, layout: layout(shape), offset: 0 };
}

/** A zero-filled operand of `shape`. */
export function empty(shape: readonly number[], dtype: DType = "float32"): HostOperand {
  const { size } = layout(shape);
  return host(new Array<number>(size).fill(0), shape, dtype);
}

/** The spec of a row-major array: any `sizes` of the right rank will do. */
export function spec(rank: number, dtype: DType = "float32"): OperandSpec {
  return operandSpec(dtype, layout(new Array<number>(rank).fill(2)));
}

/** Interprets a kernel with one row-major output of `shape` and returns its elements. */
export function outputOf(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  shape: readonly number[],
  scalars: readonly number[] = [],
): number[] {
  const [{ dtype } = { dtype: "float32" as const }] = kernel.outputs;
  const out = empty(shape, dtype);
  interpretKernel(kernel, inputs, scalars, [out]);
  return [...out.data];
}

interface Parts {
  readonly name?: string;
  readonly outer: number;
  readonly inputs?: readonly OperandSpec[];
  readonly scalars?: readonly DType[];
  /** Extents of the stage axes. */
  readonly inner?: readonly Extent[];
  readonly stages?: readonly Stage[];
  readonly outputs: readonly Expr[];
}

/** A kernel over row-major operands; the outer extents are those of the first output. */
export function makeKernel(parts: Parts): Kernel {
  const { name = "test", outer, inputs = [], scalars = [], inner = [], stages = [] } = parts;
  const outerExtents = Array.from({ length: outer }, (_, dim) => ({ operand: inputs.length, dim }));
  return {
    name,
    outer,
    axes: [...outerExtents, ...inner],
    inputs,
    scalars,
    stages,
    outputs: parts.outputs.map((value) => ({ ...spec(outer, value.dtype), value })),
  };
}

/** The coordinates of axes `first` to `first + count - 1`. */
export function coords(count: number, first = 0): Expr[] {
  return Array.from({ length: count }, (_, i) => coord(first + i));
}

/** `kernel` with the stride classes of `layouts`. */
export function withLayouts(kernel: Kernel, layouts: readonly Layout[]): Kernel {
  const specOf = (spec: OperandSpec, o: number): OperandSpec => {
    const found = layouts[o];
    return found === undefined ? spec : operandSpec(spec.dtype, found);
  };
  return {
    ...kernel,
    inputs: kernel.inputs.map(specOf),
    outputs: kernel.outputs.map((output, o) => ({
      ...output,
      ...specOf(output, kernel.inputs.length + o),
    })),
  };
}

/** out[i, j] = sum over k of a[i, k] b[k, j], with its contraction note. */
export const matmul: Kernel = {
  ...makeKernel({
    name: "matmul",
    outer: 2,
    inputs: [spec(2), spec(2)],
    inner: [{ operand: 0, dim: 1 }],
    stages: [
      {
        axes: [2],
        reduce: "sum",
        value: call(
          "mul",
          load(0, "float32", [coord(0), coord(2)]),
          load(1, "float32", [coord(2), coord(1)]),
        ),
        dtype: "float32",
      },
    ],
    outputs: [stageValue(0, "float32")],
  }),
  contraction: { stage: 0, a: 0, b: 1, batch: [], m: [0], n: [1], k: [2] },
};

/** Softmax over the last axis of a matrix: maximum, sum of exponentials, quotient. */
export const softmax: Kernel = (() => {
  const shifted = (j: number): Expr =>
    call("exp", call("sub", load(0, "float32", [coord(0), coord(j)]), stageValue(0, "float32")));
  return makeKernel({
    name: "softmax",
    outer: 2,
    inputs: [spec(2)],
    inner: [
      { operand: 0, dim: 1 },
      { operand: 0, dim: 1 },
    ],
    stages: [
      {
        axes: [2],
        reduce: "max",
        value: load(0, "float32", [coord(0), coord(2)]),
        dtype: "float32",
      },
      { axes: [3], reduce: "sum", value: shifted(3), dtype: "float32" },
    ],
    outputs: [call("div", shifted(1), stageValue(1, "float32"))],
  });
})();

/** A reduction of the last axis of a matrix. */
export function reduceRows(reduce: Stage["reduce"], dtype: DType = "float32"): Kernel {
  const result = reduce === "argmax" || reduce === "argmin" ? "int32" : dtype;
  return makeKernel({
    name: reduce,
    outer: 1,
    inputs: [spec(2, dtype)],
    inner: [{ operand: 0, dim: 1 }],
    stages: [{ axes: [1], reduce, value: load(0, dtype, [coord(0), coord(1)]), dtype: result }],
    outputs: [stageValue(0, result)],
  });
}

/** Whether two arrays hold the same numbers, NaN and the sign of zero included. */
export function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}

/** A copy of `operand` with a buffer of its own. */
export function copyOf(operand: HostOperand): HostOperand {
  return { ...operand, data: operand.data.slice() as TypedArray };
}
