// Random programs whose results are placed, with arrays to run them on, for tests of generators. Not
// part of the package.

import fc from "fast-check";
import { type DType, isFloat, newArray, type TypedArray } from "../dtype.js";
import { call, cast, constant, coord, type Expr, load, rewriteExpr } from "../expr.js";
import { extentsOf, type Kernel, operandSpec } from "../kernel.js";
import type { Layout } from "../layout.js";
import type { BufferRole, KernelCall, Program, ProgramBuffer, View } from "../program/program.js";
import { type Case, randomCase } from "./random-kernel.js";

/** A program and the arrays of its inputs, states and outputs, by buffer. */
export interface ProgramCase {
  readonly program: Program;
  readonly bound: ReadonlyMap<number, TypedArray>;
}

/**
 * A random kernel whose inputs are given, constant or copied to temporaries first, and whose outputs
 * are used by a second kernel each, in place for some.
 */
export const randomPlacedProgram: fc.Arbitrary<ProgramCase> = fc
  .tuple(randomCase, fc.gen())
  .map(([kernelCase, gen]) => {
    const pick = <T>(items: readonly T[]): T => gen(() => fc.constantFrom(...items)) as T;
    return programOf(kernelCase, pick);
  });

function programOf(
  { kernel, inputs, scalars, outputs }: Case,
  pick: <T>(items: readonly T[]) => T,
): ProgramCase {
  const buffers: ProgramBuffer[] = [];
  const calls: KernelCall[] = [];
  const bound = new Map<number, TypedArray>();
  const buffer = (role: BufferRole, dtype: DType, data: TypedArray): number => {
    const known = role === "constant" ? { data } : {};
    const index = buffers.push({ role, dtype, length: data.length, label: "", ...known }) - 1;
    if (role !== "constant" && role !== "temporary") bound.set(index, data.slice());
    return index;
  };
  const add = (made: Kernel, from: readonly View[], to: readonly View[]): void => {
    calls.push({ kind: "kernel", kernel: made, inputs: from, outputs: to, origins: [] });
  };
  const views = inputs.map(({ data, layout, offset }, i): View => {
    const dtype = kernel.inputs[i]?.dtype ?? "float32";
    const from = pick<BufferRole>(["input", "state", "constant", "temporary"]);
    const given = buffer(from === "temporary" ? "input" : from, dtype, data);
    const view = { buffer: given, layout, offset };
    if (from !== "temporary") return view;
    const copy = { ...view, buffer: buffer("temporary", dtype, newArray(dtype, data.length)) };
    add(
      elementwise(dtype, layout, (x) => x),
      [view],
      [copy],
    );
    return copy;
  });
  const results = outputs.map(({ data, layout, offset }, o): View => {
    const dtype = kernel.outputs[o]?.dtype ?? "float32";
    const role = pick<BufferRole>(["temporary", "temporary", "output", "state"]);
    return { buffer: buffer(role, dtype, data), layout, offset };
  });
  const bake = (expr: Expr): Expr =>
    rewriteExpr(expr, (node) =>
      node.kind === "scalar" ? constant(scalars[node.index] ?? 0, node.dtype) : node,
    );
  const layouts = [...views, ...results].map(({ layout }) => layout);
  const made: Kernel = {
    ...kernel,
    scalars: [],
    axes: extentsOf(kernel, layouts),
    stages: kernel.stages.map((stage) => ({ ...stage, value: bake(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: bake(output.value) })),
  };
  add(made, views, results);
  for (const [o, view] of results.entries()) {
    const dtype = kernel.outputs[o]?.dtype ?? "float32";
    const use = pick(uses(dtype));
    const consumer = elementwise(dtype, view.layout, use);
    const result = consumer.outputs[0]?.dtype ?? dtype;
    const inPlace = result === dtype && buffers[view.buffer]?.role !== "temporary";
    const length = buffers[view.buffer]?.length ?? 0;
    const to = inPlace ? view.buffer : buffer("output", result, newArray(result, length));
    add(consumer, [view], [{ ...view, buffer: to }]);
  }
  return { program: { name: "random", buffers, calls, results: [] }, bound };
}

/** What the second kernel makes of an element. */
function uses(dtype: DType): readonly ((x: Expr) => Expr)[] {
  const all = [(x: Expr) => x, (x: Expr) => call("eq", x, x), (x: Expr) => cast(x, "int32")];
  if (dtype === "bool") return all;
  const numbers = [
    (x: Expr) => call("sign", x),
    (x: Expr) => call("sub", constant(1, dtype), call("neg", x)),
    (x: Expr) => call("mul", x, -1),
    (x: Expr) => call("select", call("lt", x, 1), x, constant(2, dtype)),
  ];
  if (!isFloat(dtype)) return [...all, ...numbers.slice(0, dtype === "uint8" ? 2 : 4)];
  return [
    ...all,
    ...numbers,
    (x: Expr) => call("floor", x),
    (x: Expr) => ({ kind: "cast", dtype, value: call("mul", x, x) }),
    (x: Expr) => cast(cast(x, "float64"), "uint8"),
  ];
}

/** A kernel that computes each element of an array in `layout` from the one there. */
function elementwise(dtype: DType, layout: Layout, value: (x: Expr) => Expr): Kernel {
  const axes = layout.shape.map((_, axis) => coord(axis));
  const result = value(load(0, dtype, axes));
  return {
    name: "elementwise",
    outer: layout.ndim,
    axes: layout.shape,
    inputs: [operandSpec(dtype, layout)],
    scalars: [],
    stages: [],
    outputs: [{ ...operandSpec(result.dtype, layout), value: result }],
  };
}
