// Programs written down call by call, for tests. Not part of the package.

import type { DType, TypedArray } from "../dtype.js";
import { call, coord, type Expr, load, stageValue } from "../expr.js";
import { type Kernel, operandSpec, type Reducer } from "../kernel.js";
import { layout, sizeOf } from "../layout.js";
import type { BufferRole, Program, ProgramBuffer, ProgramCall, Result, View } from "./program.js";

/** Collects the buffers and calls of a program; all arrays are row-major. */
export class Recorder {
  readonly #buffers: ProgramBuffer[] = [];
  readonly #calls: ProgramCall[] = [];
  readonly #results: Result[] = [];

  buffer(
    role: BufferRole,
    shape: readonly number[],
    dtype: DType = "float32",
    data?: TypedArray,
  ): View {
    const buffer = this.#buffers.length;
    const known = data === undefined ? {} : { data };
    this.#buffers.push({
      role,
      dtype,
      length: sizeOf(shape),
      label: `${role} ${buffer}`,
      ...known,
    });
    return { buffer, layout: layout(shape), offset: 0 };
  }

  /** A constant whose elements are all `value`. */
  full(shape: readonly number[], value: number): View {
    return this.buffer("constant", shape, "float32", new Float32Array(sizeOf(shape)).fill(value));
  }

  /** `value` of the elements of `inputs`, broadcast to `shape`, at each position. */
  map(
    name: string,
    inputs: readonly View[],
    value: (...elements: Expr[]) => Expr,
    shape: readonly number[] = inputs[0]?.layout.shape ?? [],
  ): View {
    const loads = inputs.map(({ buffer, layout: { ndim, shape: own } }, i) => {
      const index = own.map((n, d) => (n === 1 ? zero : coord(d + shape.length - ndim)));
      return load(i, this.#buffers[buffer]?.dtype ?? "float32", index);
    });
    return this.#call(name, inputs, shape, [], undefined, value(...loads));
  }

  /** The reduction of the last axis of `x`, which is kept with one element. */
  reduceLast(reduce: Reducer, x: View): View {
    const { shape, ndim } = x.layout;
    const element = load(
      0,
      "float32",
      shape.map((_, d) => coord(d === ndim - 1 ? ndim : d)),
    );
    const last = [shape[ndim - 1] ?? 1];
    return this.#call(reduce, [x], shape.with(-1, 1), last, reduce, element);
  }

  /** The sum over the first axis of a matrix. */
  sumRows(x: View): View {
    const [m = 1, n = 1] = x.layout.shape;
    return this.#call("sum", [x], [n], [m], "sum", load(0, "float32", [coord(1), coord(0)]));
  }

  /** The product of matrices. */
  matmul(a: View, b: View): View {
    const [m = 1, k = 1] = a.layout.shape;
    const product = call(
      "mul",
      load(0, "float32", [coord(0), coord(2)]),
      load(1, "float32", [coord(2), coord(1)]),
    );
    return this.#call("matmul", [a, b], [m, b.layout.shape[1] ?? 1], [k], "sum", product);
  }

  /** Work of the backend's own that reads and makes arrays of one shape. */
  own(inputs: readonly View[], shape: readonly number[]): View {
    const to = this.buffer("temporary", shape);
    this.#calls.push({ kind: "own", inputs, outputs: [to], origins: [], run: () => undefined });
    return to;
  }

  result(target: View, value: View): void {
    this.#results.push({ target: target.buffer, value: value.buffer });
  }

  /** `value` as an output of its own. */
  returns(value: View): void {
    const { dtype, length } = this.#buffers[value.buffer] ?? { dtype: "float32", length: 0 };
    this.result(this.buffer("output", [length], dtype), value);
  }

  program(): Program {
    return { name: "test", buffers: this.#buffers, calls: this.#calls, results: this.#results };
  }

  #call(
    name: string,
    inputs: readonly View[],
    shape: readonly number[],
    inner: readonly number[],
    reduce: Reducer | undefined,
    value: Expr,
  ): View {
    const axes = inner.map((_, i) => shape.length + i);
    const dtype = reduce?.startsWith("arg") ? "int32" : value.dtype;
    const to = this.buffer("temporary", shape, dtype);
    const kernel: Kernel = {
      name,
      outer: shape.length,
      axes: [...shape.map((_, dim) => ({ operand: inputs.length, dim })), ...inner],
      inputs: inputs.map((view) =>
        operandSpec(this.#buffers[view.buffer]?.dtype ?? "float32", view.layout),
      ),
      scalars: [],
      stages: reduce === undefined ? [] : [{ axes, reduce, value, dtype }],
      outputs: [{ ...operandSpec(dtype, to.layout), value: reduce ? stageValue(0, dtype) : value }],
    };
    const origins = [{ op: name, phase: "forward", path: "" } as const];
    this.#calls.push({ kind: "kernel", kernel, inputs, outputs: [to], origins });
    return to;
  }
}

const zero = { kind: "const", dtype: "int32", value: 0 } as const;

/** The transpose of a matrix. */
export function transposed({ buffer, layout: { shape, strides }, offset }: View): View {
  return { buffer, layout: layout(shape.toReversed(), strides.toReversed()), offset };
}

/** The kernel calls of a program; it has no others. */
export function kernelsOf({ calls }: Program): Kernel[] {
  return calls.flatMap((call) => (call.kind === "kernel" ? [call.kernel] : []));
}

/** `relu(x)`. */
export function relu(x: Expr): Expr {
  return call("max", x, 0);
}

/** The names of the kernels in order. */
export function namesOf({ calls }: Pick<Program, "calls">): string {
  return calls.map((each) => (each.kind === "kernel" ? each.kernel.name : "own")).join(" ");
}

/** Calls a, b, …, each of the buffers that calls before it made; "x" is the input. */
export function chain(calls: Readonly<Record<string, string>>): Program {
  const to = new Recorder();
  const made: Record<string, View> = { x: to.buffer("input", [4]) };
  for (const [name, of] of Object.entries(calls)) {
    const inputs = of.split(" ").map((each) => made[each] as View);
    made[name] = to.map(name, inputs, (first, ...rest) =>
      rest.reduce((a, b) => call("add", a, b), call("neg", first as Expr)),
    );
  }
  return to.program();
}
