// Tier 1, below the operations: kernels run on the backend and in the shipped interpreter, which is
// the specification of what a kernel means. Chosen ones for what backends get wrong, then random ones.

import type { Backend } from "@chainrule/core";
import {
  type DType,
  type HostOperand,
  interpretKernel,
  isFloat,
  type Kernel,
  type Layout,
  newArray,
  type Operand,
  type TypedArray,
} from "@chainrule/kernel";
import type { Bench, Check } from "../check.js";
import type { Tolerance } from "../tolerance.js";
import { compareElements, ensure } from "../verify.js";
import { chosenKernels, type KernelCase } from "./chosen-kernels.js";
import { longKernels } from "./long-kernels.js";
import { randomKernel } from "./random-kernels.js";

/** How many random kernels are tried; the same ones every time. */
const randomKernels = 200;

/** The checks of kernels. */
export function kernelChecks(): Check[] {
  const chosen = [...chosenKernels(), ...longKernels()].map((each) =>
    kernelCheck(each.title, () => each),
  );
  const random = Array.from({ length: randomKernels }, (_, seed) =>
    kernelCheck(`random ${seed}`, () => randomKernel(seed)),
  );
  return [...chosen, ...random];
}

function kernelCheck(title: string, make: () => KernelCase): Check {
  const of = make();
  const { kernel } = of;
  const used = [...kernel.inputs, ...kernel.outputs, ...kernel.stages].map(({ dtype }) => dtype);
  const dtypes: readonly DType[] = [...new Set([...used, ...kernel.scalars])];
  return {
    id: `kernels > ${title}`,
    tier: 1,
    dtype: kernel.outputs[0]?.dtype ?? "float32",
    needs: { dtypes, ieee: of.ieee ?? false, exactInt32: dtypes.includes("int32") },
    run: (bench) => runBoth(bench, of),
  };
}

async function runBoth(bench: Bench, of: KernelCase): Promise<void> {
  const { kernel, inputs, scalars } = of;
  // Memory is not clean: a kernel writes all elements of its output, and none beside them.
  const outputs = of.outputs.map(({ layout, dtype, offset, length }) => ({
    data: newArray(dtype, length).fill(1),
    layout,
    offset,
  }));
  const expected = expectedOutputs(of, outputs);
  const got = await outputsOn(bench.backend, kernel, inputs, scalars, outputs, of);
  for (const [o, wanted] of expected.entries()) {
    const { dtype } = kernel.outputs[o] ?? { dtype: "float32" };
    const data = got[o] ?? newArray(dtype, 0);
    const options = { op: "kernels", tolerance: kernelTolerance(dtype) };
    compareElements(bench, options, data, [...wanted], dtype);
  }
}

function kernelTolerance(dtype: DType): Tolerance {
  return {
    ulp: isFloat(dtype) ? 32 : 0,
    floor: 2 ** -20,
    reason: "the interpreter rounds once where a backend may round at every step",
  };
}

function expectedOutputs(of: KernelCase, outputs: readonly HostOperand[]): TypedArray[] {
  const inputs = of.inputs.map((input) => ({ ...input, data: input.data.slice() }));
  const targets = of.kernel.outputs.map((output, o): HostOperand => {
    const own = outputs[o];
    ensure(own !== undefined, `no operand for output ${o}`);
    const aliased = output.aliases === undefined ? undefined : inputs[output.aliases];
    return aliased === undefined
      ? { ...own, data: own.data.slice() }
      : { ...own, data: aliased.data };
  });
  interpretKernel(of.kernel, inputs, of.scalars, targets);
  return targets.map(({ data }) => data);
}

async function outputsOn(
  backend: Backend,
  kernel: Kernel,
  inputs: readonly HostOperand[],
  scalars: readonly number[],
  outputs: readonly HostOperand[],
  of: KernelCase,
): Promise<TypedArray[]> {
  const operand = (data: TypedArray, dtype: DType, layout: Layout, offset: number): Operand => ({
    buffer: backend.upload(data, dtype),
    layout,
    offset,
    dtype,
  });
  const sources = inputs.map(({ data, layout, offset }, i) =>
    operand(data, kernel.inputs[i]?.dtype ?? "float32", layout, offset),
  );
  const targets = outputs.map(({ data, layout, offset }, o): Operand => {
    const { dtype, aliases } = kernel.outputs[o] ?? { dtype: "float32" };
    const aliased = aliases === undefined ? undefined : sources[aliases];
    return aliased === undefined
      ? operand(data, dtype, layout, offset)
      : { ...aliased, layout, offset };
  });
  backend.compileKernel(kernel).run(sources, scalars, targets);
  const read = await Promise.all(
    targets.map(({ buffer }, o) => backend.read(buffer, 0, of.outputs[o]?.length ?? 0)),
  );
  // An output over an input is in the same memory.
  const handles = new Set([...sources, ...targets].map(({ buffer }) => buffer));
  for (const handle of handles) backend.free(handle);
  return read;
}
