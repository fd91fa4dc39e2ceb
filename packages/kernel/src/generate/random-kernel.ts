// Random well-formed kernels with operands that fit them, for tests of generators. Not part of the
// package.

import fc from "fast-check";
import { type DType, kindOf, newArray, type TypedArray } from "../dtype.js";
import {
  call,
  cast,
  constant,
  coord,
  type Expr,
  guardedLoad,
  load,
  scalar,
  stageValue,
} from "../expr.js";
import type { HostOperand } from "../interpret.js";
import { type Intrinsic, intrinsicInfo, intrinsics } from "../intrinsics.js";
import { type Kernel, type OperandSpec, operandSpec, type Reducer, type Stage } from "../kernel.js";
import { layout, sizeOf } from "../layout.js";

/** A kernel and arguments for one run of it. */
export interface Case {
  readonly kernel: Kernel;
  readonly inputs: readonly HostOperand[];
  readonly scalars: readonly number[];
  readonly outputs: readonly HostOperand[];
}

type Gen = fc.GeneratorValue;

const allDtypes: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];
const extents = [0, 1, 2, 3, 4, 5, 7, 8, 9];
const floats = [0, -0, 0.25, -0.5, 1, -1.75, 2, 3.5, 10, Number.NaN, 1 / 0, -1 / 0];
const integers = [0, 1, -1, 2, 3, -7, 100, 255, 2147483647, -2147483648];
const arithmetic = Object.keys(intrinsics) as Intrinsic[];
/** Functions whose results stay exact in a sum of small numbers, in whatever order it is taken. */
const exact: readonly Intrinsic[] = ["add", "sub", "neg", "abs", "max", "min", "select", "floor"];

/** An arbitrary case; about one in ten has an empty axis. */
export const randomCase: fc.Arbitrary<Case> = fc.gen().map((gen) => new Maker(gen).make());

class Maker {
  readonly #pick: <T>(items: readonly T[]) => T;
  readonly #int: (max: number) => number;
  readonly #sizes: number[] = [];
  readonly #dtypes: DType[] = [];
  /** Largest index used in each dimension of each input. */
  readonly #reach: number[][] = [];
  readonly #scalars: DType[] = [];
  readonly #stages: Stage[] = [];
  #outer = 0;
  #exact = false;
  /** Small expressions over plain loads of row-major arrays: what loops are blocked for. */
  #tidy = false;

  constructor(gen: Gen) {
    this.#pick = (items) => gen(() => fc.constantFrom(...items)) as never;
    this.#int = (max) => gen(() => fc.integer({ min: 0, max }));
  }

  make(): Case {
    this.#tidy = this.#int(2) === 0;
    this.#outer = this.#int(3);
    for (let axis = 0; axis < this.#outer; axis++) this.#sizes.push(this.#pick(extents));
    const inputs = 1 + this.#int(2);
    for (let input = 0; input < inputs; input++) {
      this.#dtypes.push(this.#pick(allDtypes));
      this.#reach.push(new Array<number>(this.#int(3)).fill(0));
    }
    const stages = this.#int(3);
    for (let stage = 0; stage < stages; stage++) this.#stages.push(this.#stage());
    const visible = this.#range(this.#outer);
    const values = this.#range(1 + this.#int(1)).map(() =>
      this.#expr(this.#pick(allDtypes), visible, this.#tidy ? 1 : 4),
    );
    return this.#assemble(values);
  }

  #stage(): Stage {
    const first = this.#sizes.length;
    const count = 1 + this.#int(1);
    for (let axis = 0; axis < count; axis++) this.#sizes.push(this.#pick(extents));
    const reduce = this.#pick<Reducer>(["sum", "prod", "max", "min", "argmax", "argmin"]);
    const dtype = this.#pick(allDtypes.filter((d) => d !== "bool"));
    this.#exact = (reduce === "sum" || reduce === "prod") && kindOf(dtype) === "float";
    const axes = this.#range(count).map((axis) => first + axis);
    const value = this.#expr(dtype, [...this.#range(this.#outer), ...axes], this.#tidy ? 1 : 2);
    this.#exact = false;
    const isArg = reduce === "argmax" || reduce === "argmin";
    return { axes, reduce, value, dtype: isArg ? "int32" : dtype };
  }

  #expr(dtype: DType, axes: readonly number[], depth: number): Expr {
    const kind = depth === 0 ? 0 : this.#int(9);
    if (kind < 3) return this.#leaf(dtype, axes);
    if (kind === 3) return cast(this.#expr(this.#pick(allDtypes), axes, depth - 1), dtype);
    const fits = arithmetic.filter((fn) => {
      if (this.#exact && !exact.includes(fn)) return false;
      const { operands, result } = intrinsicInfo(fn);
      if (result === "bool") return dtype === "bool";
      if (dtype === "bool") return operands === "any";
      return operands === "any" || operands === "number" || operands === kindOf(dtype);
    });
    const fn = this.#pick(fits.length === 0 ? (["copy"] as const) : fits);
    const { arity, operands, result } = intrinsicInfo(fn);
    const argument = result === "bool" && operands === "any" ? this.#pick(allDtypes) : dtype;
    const args = this.#range(arity).map((_, i) =>
      this.#expr(fn === "select" && i === 0 ? "bool" : argument, axes, depth - 1),
    );
    // Shift counts outside 0 to 31 are undefined.
    if (fn.startsWith("shift")) args[1] = constant(this.#int(7), dtype);
    const shared = arity === 2 && this.#int(5) === 0 && !fn.startsWith("shift");
    return call(fn, ...(shared ? [args[0] ?? 0, args[0] ?? 0] : args));
  }

  #leaf(dtype: DType, axes: readonly number[]): Expr {
    const kind = this.#tidy ? 3 + this.#int(3) : this.#int(6);
    const stages = this.#stages.flatMap((stage, s) => (stage.dtype === dtype ? s : []));
    if (kind === 0) return constant(this.#value(dtype), dtype);
    if (kind === 1) {
      this.#scalars.push(dtype);
      return scalar(this.#scalars.length - 1, dtype);
    }
    if (kind === 2 && axes.length > 0) return cast(coord(this.#pick(axes)), dtype);
    if (kind === 3 && stages.length > 0 && !this.#exact)
      return stageValue(this.#pick(stages), dtype);
    return cast(this.#load(axes), dtype);
  }

  #load(axes: readonly number[]): Expr {
    const input = this.#int(this.#dtypes.length - 1);
    const dtype = this.#dtypes[input] ?? "float32";
    const reach = this.#reach[input] ?? [];
    // Half of the loads are plain: every index an axis of its own.
    const plain = this.#tidy || this.#int(1) === 0 ? this.#shuffled(axes) : [];
    const index = reach.map((_, dim) => {
      const { expr, last } = this.#index(axes, plain[dim]);
      reach[dim] = Math.max(reach[dim] ?? 0, last);
      return expr;
    });
    const axis = axes.length === 0 ? undefined : this.#pick(axes);
    if (axis === undefined || this.#int(3) > 0) return load(input, dtype, index);
    // Shift the first index out of range where the guard is false.
    const shift = this.#int(3);
    const moved = index.map((i, dim) => (dim === 0 ? call("sub", i, shift) : i));
    const [first = coord(axis)] = moved;
    const otherwise = constant(this.#value(dtype), dtype);
    return guardedLoad(input, dtype, moved, call("ge", first, 0), otherwise);
  }

  /** An index that is in range for all positions of `axes`, and the largest value it takes. */
  #index(axes: readonly number[], plain: number | undefined): { expr: Expr; last: number } {
    const axis = plain ?? (axes.length === 0 ? undefined : this.#pick(axes));
    const at = plain === undefined ? this.#int(9) : 9;
    if (axis === undefined || at === 0) return { expr: constant(at % 3, "int32"), last: at % 3 };
    const end = Math.max(0, (this.#sizes[axis] ?? 1) - 1);
    if (at === 1) return { expr: call("add", call("mul", coord(axis), 2), 1), last: 2 * end + 1 };
    if (at === 2) return { expr: call("sub", constant(end, "int32"), coord(axis)), last: end };
    if (at === 3) return { expr: call("floorDiv", coord(axis), 3), last: Math.floor(end / 3) };
    if (at === 4) return { expr: call("mod", coord(axis), 3), last: Math.min(end, 2) };
    const integer = this.#dtypes.findIndex(
      (dtype, i) => dtype === "int32" && !this.#reach[i]?.length,
    );
    if (at === 5 && integer >= 0)
      return { expr: call("mod", load(integer, "int32", []), 4), last: 3 };
    return { expr: coord(axis), last: end };
  }

  #assemble(values: readonly Expr[]): Case {
    const operands = this.#dtypes.map((dtype, input) =>
      this.#operand(
        dtype,
        (this.#reach[input] ?? []).map((last) => last + 1),
        true,
      ),
    );
    const shape = this.#sizes.slice(0, this.#outer);
    const outputs = values.map(({ dtype }) => this.#operand(dtype, shape, false));
    const spec = ({ layout: l }: HostOperand, dtype: DType): OperandSpec => {
      const exactSpec = operandSpec(dtype, l);
      // The class "n" is always true.
      const strides = exactSpec.strides.map((s) => (this.#int(7) === 0 ? "n" : s));
      return { ...exactSpec, strides };
    };
    const kernel: Kernel = {
      name: "random",
      outer: this.#outer,
      axes: this.#sizes.map((size, axis) =>
        axis < this.#outer ? { operand: this.#dtypes.length, dim: axis } : size,
      ),
      inputs: operands.map((operand, i) => spec(operand, this.#dtypes[i] ?? "float32")),
      scalars: this.#scalars,
      stages: this.#stages,
      outputs: outputs.map((operand, o) => {
        const value = values[o] ?? constant(0);
        return { ...spec(operand, value.dtype), value };
      }),
    };
    const scalars = this.#scalars.map((dtype) => this.#value(dtype));
    return { kernel, inputs: operands, scalars, outputs };
  }

  /** An operand of `shape` in a random layout; the elements of one that is written do not overlap. */
  #operand(dtype: DType, shape: readonly number[], readOnly: boolean): HostOperand {
    const order = this.#range(shape.length);
    if (!this.#tidy && this.#int(2) === 0) order.reverse();
    const strides = shape.map(() => 0);
    let step = !this.#tidy && this.#int(3) === 0 ? 2 : 1;
    let offset = this.#int(2);
    for (const axis of order.toReversed()) {
      const n = shape[axis] ?? 1;
      const backwards = this.#int(7) === 0;
      const repeats = readOnly && this.#int(7) === 0;
      strides[axis] = repeats ? 0 : backwards ? -step : step;
      if (repeats) continue;
      if (backwards) offset += Math.max(0, n - 1) * step;
      step *= Math.max(1, n);
    }
    const length = offset + step * Math.min(1, sizeOf(shape)) + this.#int(1);
    const data = newArray(dtype, length);
    for (let i = 0; i < length; i++) data[i] = this.#value(dtype);
    return { data, layout: layout(shape, strides), offset };
  }

  #value(dtype: DType): number {
    if (dtype === "bool") return this.#int(1);
    if (dtype === "uint8") return Math.abs(this.#pick(integers)) & 255;
    return this.#pick(dtype === "int32" ? integers : floats);
  }

  #shuffled(axes: readonly number[]): number[] {
    const rest = [...axes];
    return axes.flatMap(() => rest.splice(this.#int(rest.length - 1), 1));
  }

  #range(count: number): number[] {
    return Array.from({ length: count }, (_, i) => i);
  }
}

/** A copy of an operand with memory of its own. */
export function copyOf(operand: HostOperand): HostOperand {
  return { ...operand, data: operand.data.slice() };
}

/** The first place where two arrays differ by more than rounding; undefined if there is none. */
export function difference(a: TypedArray, b: TypedArray): string | undefined {
  const tolerance = a instanceof Float64Array ? 1e-12 : 1e-6;
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? Number.NaN;
    if (Object.is(x, y) || Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y)))
      continue;
    return `element ${i} of ${a.length}: ${x} and ${y}`;
  }
  return undefined;
}
