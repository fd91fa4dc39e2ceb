// What broken backends are made of: a good one with its kernels, arguments, results or memory
// tampered with.

import type { Backend } from "@chainrule/core";
import {
  type DType,
  type Expr,
  type Kernel,
  type Layout,
  newArray,
  type Operand,
  rewriteExpr,
  type TypedArray,
} from "@chainrule/kernel";
import { type Parts, viewOf } from "../backend-view.js";

/** Elements at the end of every array, so that a wrong address reads a number and does not throw. */
const slack = 256;

/** A good backend with some parts replaced; without routines and overrides, which would be whole. */
export function broken(good: Backend, parts: Parts): Backend {
  return viewOf(good, {
    routines: undefined,
    ops: undefined,
    allocate: (length, dtype) => good.allocate(length + slack, dtype),
    upload: (data, dtype) => good.upload(extended(data, dtype), dtype),
    ...parts,
  });
}

function extended(data: TypedArray, dtype: DType): TypedArray {
  const longer = newArray(dtype, data.length + slack);
  longer.set(data);
  return longer;
}

/** Runs another kernel than was asked for. */
export function withKernels(good: Backend, alter: (kernel: Kernel) => Kernel): Backend {
  return broken(good, { compileKernel: (kernel) => good.compileKernel(alter(kernel)) });
}

/** Computes every node of every expression as another one. */
export function withExprs(good: Backend, alter: (expr: Expr, kernel: Kernel) => Expr): Backend {
  return withKernels(good, (kernel) => {
    const done = new Map<Expr, Expr>();
    const altered = <T extends { readonly value: Expr }>(of: T): T => ({
      ...of,
      value: rewriteExpr(of.value, (expr) => alter(expr, kernel), done),
    });
    const { contraction: _note, ...rest } = kernel;
    return { ...rest, stages: kernel.stages.map(altered), outputs: kernel.outputs.map(altered) };
  });
}

/** What a kernel is run on. */
export interface Arguments {
  readonly inputs: readonly Operand[];
  readonly scalars: readonly number[];
  readonly outputs: readonly Operand[];
}

/** Runs kernels on other arguments than were given; `alter` is made for each kernel. */
export function withArguments(
  good: Backend,
  alterFor: (kernel: Kernel) => (given: Arguments) => Arguments,
): Backend {
  return broken(good, {
    compileKernel: (kernel) => {
      const compiled = good.compileKernel(anyStrides(kernel));
      const alter = alterFor(kernel);
      return {
        run: (...[inputs, scalars, outputs]) => {
          const altered = alter({ inputs, scalars, outputs });
          compiled.run(altered.inputs, altered.scalars, altered.outputs);
        },
      };
    },
  });
}

/** Shows kernels their inputs through other operands than were given. */
export function withInputs(
  good: Backend,
  alter: (operand: Operand, index: number, kernel: Kernel) => Operand,
): Backend {
  return withArguments(good, (kernel) => (given) => ({
    ...given,
    inputs: given.inputs.map((operand, index) => alter(operand, index, kernel)),
  }));
}

/** Changes the elements that a kernel has written. */
export function withResults(
  good: Backend,
  alter: (value: number, dtype: DType, run: Arguments, kernel: Kernel) => number,
): Backend {
  return broken(good, {
    compileKernel: (kernel) => {
      const compiled = good.compileKernel(kernel);
      return {
        run: (inputs, scalars, outputs) => {
          compiled.run(inputs, scalars, outputs);
          for (const output of outputs) {
            const data = wholeArray(good, output);
            for (const address of addresses(output.layout, output.offset)) {
              const value = data[address] ?? Number.NaN;
              data[address] = alter(value, output.dtype, { inputs, scalars, outputs }, kernel);
            }
            good.write(output.buffer, 0, data);
          }
        },
      };
    },
  });
}

/** The elements of an operand, row-major. */
export function elementsOf(good: Backend, operand: Operand): number[] {
  const data = wholeArray(good, operand);
  return addresses(operand.layout, operand.offset).map((address) => data[address] ?? Number.NaN);
}

/** Writes the elements of an operand, row-major. */
export function writeElements(good: Backend, operand: Operand, values: readonly number[]): void {
  const data = wholeArray(good, operand);
  for (const [i, address] of addresses(operand.layout, operand.offset).entries()) {
    data[address] = values[i] ?? Number.NaN;
  }
  good.write(operand.buffer, 0, data);
}

/** The array behind an operand, as far as the operand reaches. */
function wholeArray(good: Backend, { buffer, layout, offset }: Operand): TypedArray {
  const length = addresses(layout, offset).reduce((end, place) => Math.max(end, place + 1), 0);
  const data = good.readSync?.(buffer, 0, length);
  if (data === undefined) throw new Error("faults are put into backends that read at once");
  return data;
}

/** Where the elements of a layout lie, row-major. */
function addresses({ shape, strides }: Layout, offset: number): number[] {
  return shape.reduce(
    (starts, n, axis) =>
      starts.flatMap((start) =>
        Array.from({ length: n }, (_, i) => start + i * (strides[axis] ?? 0)),
      ),
    [offset],
  );
}

/** The kernel without what it knows of the strides of its operands. */
function anyStrides({ contraction: _note, ...kernel }: Kernel): Kernel {
  const any = <T extends { readonly strides: readonly unknown[] }>(operand: T): T => ({
    ...operand,
    strides: operand.strides.map(() => "n"),
  });
  return { ...kernel, inputs: kernel.inputs.map(any), outputs: kernel.outputs.map(any) };
}
