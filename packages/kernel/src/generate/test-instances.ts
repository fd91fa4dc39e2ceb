// Programs of a few calls, and their generated code beside the interpreter, for tests. Not part of the
// package.

import { expect } from "vitest";
import type { TypedArray } from "../dtype.js";
import { coord, type Expr, load } from "../expr.js";
import type { Kernel } from "../kernel.js";
import { layout } from "../layout.js";
import { interpretProgram } from "../program/interpret-program.js";
import type { BufferRole, Program, ProgramBuffer, ProgramCall, View } from "../program/program.js";
import { makeKernel, spec } from "../test-kernels.js";
import { generateProgram, type Placement, type ProgramSource } from "./javascript-program.js";
import { difference } from "./random-kernel.js";

export type Bound = ReadonlyMap<number, TypedArray>;

/** Temporaries side by side, after a gap. */
export function placed(program: Program): Placement {
  let bytes = 8;
  const offsets = program.buffers.map(({ role, length }) => {
    const offset = bytes;
    if (role === "temporary") bytes += 8 * length;
    return offset;
  });
  return { bytes, offsetOf: (buffer) => offsets[buffer] ?? 0 };
}

export interface Running {
  bind(index: number, data: TypedArray): void;
  run(): void;
}

export function instance(
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

export const ways = [
  ["as it chooses", undefined],
  ["as loops", 0],
] as const;

/** Checks two runs of the generated code, both ways, against the interpreter. */
export function expectSame(program: Program, bound: Bound): void {
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

export class Builder {
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

export const x = (...index: number[]): Expr => load(0, "float32", index.map(coord));
export const y = (...index: number[]): Expr => load(1, "float32", index.map(coord));
export const map1 = (value: Expr): Kernel =>
  makeKernel({ name: "map", outer: 1, inputs: [spec(1)], outputs: [value] });
export const map2 = (...outputs: Expr[]): Kernel =>
  makeKernel({ name: "map", outer: 1, inputs: [spec(1), spec(1)], outputs });
export const generate = (program: Program, limit?: number): ProgramSource =>
  generateProgram(program, placed(program), (each) => each.kind === "own", limit);
