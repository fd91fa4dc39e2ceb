// Random well-formed programs with arrays to run them on, for tests of rewrites. Not part of the
// package.

import fc from "fast-check";
import { type DType, isFloat, newArray, type TypedArray } from "../dtype.js";
import { call, cast, constant, coord, type Expr, guardedLoad, load, stageValue } from "../expr.js";
import type { Intrinsic } from "../intrinsics.js";
import { type Extent, type Kernel, operandSpec, type Reducer, type Stage } from "../kernel.js";
import { type Layout, layout, rowMajorStrides, sizeOf } from "../layout.js";
import { interpretProgram } from "./interpret-program.js";
import type { BufferRole, Program, ProgramBuffer, ProgramCall, Result, View } from "./program.js";

/** What a random program computes with. */
export interface Style {
  /** The dtype of most values. */
  readonly dtype: DType;
  /** Most operations that there are. */
  readonly calls: number;
}

/** An array as operations see it. */
interface Value extends View {
  readonly dtype: DType;
}

type Gen = fc.GeneratorValue;

const sizes = [1, 3, 4, 5, 8, 9];

/** Arbitrary programs of elementwise work, reductions, products, views, joins and lookups. */
export function randomProgram(style: Style): fc.Arbitrary<Program> {
  return fc.gen().map((gen) => new Maker(gen, style).make());
}

/** The arrays that a program is bound to: equal ones in every call, of small quarters and integers. */
export function boundArrays({ buffers }: Program): Map<number, TypedArray> {
  const arrays = new Map<number, TypedArray>();
  for (const [index, { role, dtype, length }] of buffers.entries()) {
    if (role === "constant" || role === "temporary") continue;
    const data = newArray(dtype, length);
    if (role !== "output") for (let i = 0; i < length; i++) data[i] = numberAt(index, i, dtype);
    arrays.set(index, data);
  }
  return arrays;
}

/** What states and outputs hold after a run. */
export function resultsOf(program: Program): Map<number, TypedArray> {
  const arrays = boundArrays(program);
  interpretProgram(program, arrays);
  return arrays;
}

function numberAt(index: number, i: number, dtype: DType): number {
  const n = (((index + 1) * 7919 + i * 104729) % 23) - 11;
  return isFloat(dtype) ? n / 4 : Math.abs(n) % (dtype === "bool" ? 2 : 3);
}

class Maker {
  readonly #pick: <T>(items: readonly T[]) => T;
  readonly #int: (max: number) => number;
  readonly #style: Style;
  readonly #buffers: ProgramBuffer[] = [];
  readonly #calls: ProgramCall[] = [];
  readonly #values: Value[] = [];
  readonly #sizes: readonly number[];

  constructor(gen: Gen, style: Style) {
    this.#pick = (items) => gen(() => fc.constantFrom(...items)) as never;
    this.#int = (max) => gen(() => fc.integer({ min: 0, max }));
    this.#style = style;
    // Few sizes, so that shapes often agree; seldom an empty one.
    this.#sizes = [this.#pick(sizes), this.#pick(sizes), this.#int(19) === 0 ? 0 : 1];
  }

  make(): Program {
    const { dtype, calls } = this.#style;
    const states: Value[] = [];
    for (let i = 0; i < 3; i++) {
      const shape = this.#range(this.#int(3)).map(() => this.#pick(this.#sizes));
      const role = this.#pick<BufferRole>(["input", "state", "state", "constant"]);
      const value = this.#buffer(role, dtype, shape);
      this.#values.push(value);
      if (role === "state") states.push(value);
    }
    for (let i = 1 + this.#int(calls - 1); i > 0; i--) this.#operation();
    return {
      name: "random",
      buffers: this.#buffers,
      calls: this.#calls,
      results: this.#results(states),
    };
  }

  #results(states: readonly Value[]): Result[] {
    const results: Result[] = [];
    for (const state of states) {
      if (this.#int(3) === 0) continue;
      // An update of the state, another state, or any value of the length.
      const { shape } = state.layout;
      const fitting = this.#values.filter(
        (value) =>
          value.dtype === state.dtype &&
          value.offset === 0 &&
          value.layout.contiguous &&
          value.layout.size === state.layout.size &&
          this.#buffers[value.buffer]?.length === state.layout.size,
      );
      const value =
        this.#int(2) > 0
          ? this.#elementwise("sub", [state, this.#broadcastable(shape)], shape)
          : this.#pick(fitting);
      results.push({ target: state.buffer, value: value.buffer });
    }
    for (let i = this.#int(2); i >= 0; i--) {
      const value = this.#pick(this.#values);
      const length = this.#buffers[value.buffer]?.length ?? 0;
      const output = this.#buffer("output", value.dtype, [length]);
      results.push({ target: output.buffer, value: value.buffer });
    }
    return results;
  }

  #operation(): void {
    const kind = this.#int(12);
    if (kind < 3) this.#viewed();
    if (kind <= 5) this.#map();
    else if (kind <= 7) this.#reduce();
    else if (kind === 8) this.#product();
    else if (kind === 9) this.#joined();
    else if (kind === 10) this.#padded();
    else if (kind === 11) this.#lookup();
    else this.#values.push(this.#copied(this.#value()));
  }

  /** Adds a view of a value: a slice, a flip, a transpose, a reshape or a repeated one. */
  #viewed(): void {
    const value = this.#value();
    const { shape, strides, ndim, contiguous, size } = value.layout;
    const add = (to: Layout, offset = value.offset): void => {
      this.#values.push({ ...value, layout: to, offset });
    };
    const kind = this.#int(4);
    if (kind === 0 && contiguous && size > 0) return void add(layout([size]));
    if (kind === 1 && ndim < 3) {
      const n = this.#pick(this.#sizes);
      return void add(layout([n, ...shape], [0, ...strides]));
    }
    if (ndim === 0 || size === 0) return;
    const d = this.#int(ndim - 1);
    const [n = 1, stride = 0] = [shape[d], strides[d]];
    if (kind === 2) return void add(layout(shape.toReversed(), strides.toReversed()));
    if (kind === 3)
      return void add(layout(shape, strides.with(d, -stride)), value.offset + (n - 1) * stride);
    const start = this.#int(n - 1);
    const length = 1 + this.#int(n - 1 - start);
    add(layout(shape.with(d, length), strides), value.offset + start * stride);
  }

  /** A function of one to three values of one shape or broadcast to it. */
  #map(): void {
    const first = this.#value();
    const { shape } = first.layout;
    const fn = this.#pick<Intrinsic>([
      ...(["add", "mul", "sub", "max", "neg", "abs", "floor", "lt", "eq", "select"] as const),
      ...(["add", "mul", "exp", "div"] as const),
    ]);
    const others = [this.#broadcastable(shape), this.#broadcastable(shape)];
    const operands = this.#int(1) === 0 ? [first, ...others] : [...others.slice(0, 1), first];
    this.#values.push(this.#elementwise(fn, operands, shape));
  }

  #elementwise(fn: Intrinsic, operands: readonly Value[], shape: readonly number[]): Value {
    const { dtype } = this.#style;
    const [x, y, z] = operands.map((operand, i) =>
      cast(this.#broadcastLoad(operand, i, shape), dtype),
    );
    const a = x ?? constant(1, dtype);
    const b = y ?? constant(0.5, dtype);
    const value = (): Expr => {
      switch (fn) {
        case "select":
          return call("select", call("gt", a, b), b, z ?? constant(-1, dtype));
        case "exp":
          return call("exp", call("neg", call("abs", a)));
        case "div":
          return call("div", a, call("add", call("abs", b), 1));
        case "mul":
          return call("mul", call("mul", a, b), constant(0.25, dtype));
        case "neg":
        case "abs":
        case "floor":
          return call(fn, a);
        default:
          return call(fn, a, b);
      }
    };
    return this.#call(fn, operands, shape, [], [], value());
  }

  #reduce(): void {
    const value = this.#value();
    const { shape } = value.layout;
    const isKept = shape.map(() => this.#int(1) === 0);
    const reduce = this.#pick<Reducer>(["sum", "max", "min", "sum", "argmax"]);
    const keepsDims = this.#int(1) === 0;
    const outer = keepsDims
      ? shape.map((n, d) => (isKept[d] ? n : 1))
      : shape.filter((_, d) => isKept[d]);
    const inner = shape.flatMap((_, dim) => (isKept[dim] ? [] : [{ operand: 0, dim }]));
    let next = outer.length;
    let kept = 0;
    const index = shape.map((_, d) => {
      if (isKept[d]) return coord(keepsDims ? d : kept++);
      return coord(next++);
    });
    const axes = inner.map((_, i) => outer.length + i);
    const element = this.#typed(load(0, value.dtype, index));
    const dtype = reduce === "argmax" ? "int32" : element.dtype;
    const stage: Stage = { axes, reduce, value: element, dtype };
    this.#values.push(this.#call(reduce, [value], outer, inner, [stage], stageValue(0, dtype)));
  }

  /** The product of a matrix with another of a fitting height, made by a view if need be. */
  #product(): void {
    const a = this.#matrix();
    const [m = 1, k = 1] = a.layout.shape;
    const n = this.#pick(this.#sizes);
    const found = this.#values.filter(
      ({ layout: { ndim, shape } }) => ndim === 2 && shape[0] === k,
    );
    const x = this.#broadcastable([n]);
    const [height = 1] = x.layout.shape;
    const step = height === n ? (x.layout.strides[0] ?? 0) : 0;
    const column = { ...x, layout: layout([k, n], [0, step]) };
    const b = found.length > 0 ? this.#pick(found) : column;
    const value = call(
      "mul",
      this.#typed(load(0, a.dtype, [coord(0), coord(2)])),
      this.#typed(load(1, b.dtype, [coord(2), coord(1)])),
    );
    const shape = [m, b.layout.shape[1] ?? 1];
    const stage: Stage = { axes: [2], reduce: "sum", value, dtype: value.dtype };
    const inner = [{ operand: 0, dim: 1 }];
    this.#values.push(
      this.#call("matmul", [a, b], shape, inner, [stage], stageValue(0, value.dtype)),
    );
  }

  /** Two values written into the halves of a buffer by calls of their own. */
  #joined(): void {
    const first = this.#value();
    const second = this.#values.findLast(
      (value) => value.dtype === first.dtype && value.layout.shape === first.layout.shape,
    );
    const { shape, size } = first.layout;
    if (second === undefined || size === 0) return;
    const whole = this.#buffer("temporary", first.dtype, [2, ...shape]);
    for (const [i, half] of [first, second].entries()) {
      const to = { ...whole, layout: layout(shape), offset: i * size };
      this.#call("join", [half], shape, [], [], this.#broadcastLoad(half, 0, shape), to);
    }
    this.#values.push(whole);
  }

  #padded(): void {
    const value = this.#value();
    const { shape, ndim } = value.layout;
    if (ndim === 0 || ndim > 2) return;
    const [n = 1, ...rest] = shape;
    const index = [call("sub", coord(0), 1), ...rest.map((_, d) => coord(d + 1))];
    const [first = coord(0)] = index;
    const guard = call("and", call("ge", first, 0), call("lt", first, n));
    const padded = guardedLoad(0, value.dtype, index, guard, constant(1, value.dtype));
    this.#values.push(this.#call("pad", [value], [n + 2, ...rest], [], [], padded));
  }

  /** Rows of a value at places that another one holds. */
  #lookup(): void {
    const value = this.#value();
    const { shape, ndim } = value.layout;
    const places = this.#values.filter((at) => at.dtype === "int32" && at.layout.ndim < 2);
    const [n = 1, ...rest] = shape;
    if (ndim === 0 || n === 0 || places.length === 0) return;
    const at = this.#pick(places);
    const own = at.layout.shape;
    const place = load(
      0,
      "int32",
      own.map((_, d) => coord(d)),
    );
    const row = call("min", call("max", place, 0), n - 1);
    const index = [row, ...rest.map((_, d) => coord(own.length + d))];
    const found = load(1, value.dtype, index);
    this.#values.push(this.#call("lookup", [at, value], [...own, ...rest], [], [], found));
  }

  #copied(value: Value): Value {
    const { shape } = value.layout;
    return this.#call("copy", [value], shape, [], [], this.#broadcastLoad(value, 0, shape));
  }

  #value(): Value {
    // Late values more often: chains.
    const late = this.#values.slice(-3);
    return this.#pick(this.#int(1) === 0 ? late : this.#values);
  }

  #matrix(): Value {
    const matrices = this.#values.filter((value) => value.layout.ndim === 2);
    if (matrices.length > 0) return this.#pick(matrices);
    const shape = [this.#pick(this.#sizes), this.#pick(this.#sizes)];
    const made = this.#buffer("input", this.#style.dtype, shape);
    this.#values.push(made);
    return made;
  }

  /** A value whose shape broadcasts to `shape`. */
  #broadcastable(shape: readonly number[]): Value {
    const fits = this.#values.filter(
      ({ layout: { shape: own } }) =>
        own.length <= shape.length &&
        own.every((n, d) => n === 1 || n === shape[d + shape.length - own.length]),
    );
    if (fits.length > 0) return this.#pick(fits);
    const made = this.#buffer("input", this.#style.dtype, []);
    this.#values.push(made);
    return made;
  }

  #broadcastLoad(value: Value, input: number, shape: readonly number[]): Expr {
    const own = value.layout.shape;
    const skipped = shape.length - own.length;
    return load(
      input,
      value.dtype,
      own.map((n, d) => (n === 1 ? constant(0, "int32") : coord(d + skipped))),
    );
  }

  #typed(expr: Expr): Expr {
    return cast(expr, this.#style.dtype);
  }

  #call(
    name: string,
    inputs: readonly Value[],
    shape: readonly number[],
    inner: readonly Extent[],
    stages: readonly Stage[],
    value: Expr,
    to: Value = this.#buffer("temporary", value.dtype, shape),
  ): Value {
    const kernel: Kernel = {
      name,
      outer: shape.length,
      axes: [...shape.map((_, dim) => ({ operand: inputs.length, dim })), ...inner],
      inputs: inputs.map((input) => operandSpec(input.dtype, input.layout)),
      scalars: [],
      stages,
      outputs: [{ ...operandSpec(value.dtype, to.layout), value }],
    };
    const origins = [{ op: name, phase: "forward", path: "" } as const];
    this.#calls.push({ kind: "kernel", kernel, inputs, outputs: [to], origins });
    return to;
  }

  #buffer(role: BufferRole, dtype: DType, shape: readonly number[]): Value {
    const length = sizeOf(shape);
    const index = this.#buffers.length;
    const isEqual = this.#int(1) === 0;
    const data = newArray(dtype, length);
    for (let i = 0; i < length; i++) data[i] = numberAt(index, isEqual ? 0 : i, dtype);
    const known = role === "constant" ? { data } : {};
    this.#buffers.push({ role, dtype, length, label: `${role} ${index}`, ...known });
    return { buffer: index, layout: layout(shape, rowMajorStrides(shape)), offset: 0, dtype };
  }

  #range(count: number): number[] {
    return Array.from({ length: count }, (_, i) => i);
  }
}
