// A plan is everything about running an operation on operands of given layouts and dtypes that does
// not depend on their values: checked shapes, lowered and compiled kernels, argument layouts. It is
// made once and found again by the ids of the layouts.

import {
  type BufferHandle,
  type CompiledKernel,
  coalesce,
  type DType,
  kernelKey,
  type Layout,
  layout,
  type Operand,
  simplifyKernel,
} from "@chainrule/kernel";
import type { Routines } from "../backend/backend.js";
import { debugLevel } from "../debug/level.js";
import { showKernel, showOwn } from "../debug/show.js";
import type { Attrs, Input, InputSpec, Primitive, Step, TensorSpec } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Device } from "./device.js";
import { specOf } from "./specs.js";

/** How to run one operation on operands of known layouts and dtypes. */
export interface Plan {
  readonly inputs: readonly InputSpec[];
  /** Row-major. */
  readonly output: Layout;
  readonly dtype: DType;
  run(inputs: readonly Input[], attrs: Attrs, out: BufferHandle): void;
}

/** The plans of one primitive on one device: by attributes, then by the specs of the operands. */
export class PlanTable {
  readonly #byAttrs: Map<string | number, Map<number, Plan>> = new Map();
  #lastKey: string | number = -1;
  #last: Map<number, Plan> = new Map();

  /** The plans for attributes with this key. */
  plans(key: string | number): Map<number, Plan> {
    if (key === this.#lastKey && this.#last.size <= capacity) return this.#last;
    let plans = this.#byAttrs.get(key);
    if (plans === undefined || plans.size > capacity) {
      if (this.#byAttrs.size > capacity) this.#byAttrs.clear();
      plans = new Map();
      this.#byAttrs.set(key, plans);
    }
    this.#lastKey = key;
    this.#last = plans;
    return plans;
  }
}

/** Plans (and attribute keys) kept per primitive before they are forgotten and made anew. */
const capacity = 1 << 12;

/** Checks, infers, lowers and compiles `op` for these operands. */
export function makePlan<A extends Attrs>(
  device: Device,
  op: Primitive<A>,
  inputs: readonly Input[],
  attrs: A,
): Plan {
  const specs = inputs.map(specOf);
  const output = op.infer(specs, attrs);
  device.ensureSupports(op.name, output.dtype);
  const plan = { inputs: specs, output: layout(output.shape), dtype: output.dtype };
  const own = ownWay(device, op, specs, attrs);
  if (own !== undefined) {
    if (debugLevel > 2) showOwn(op.name, device.backend.name);
    return { ...plan, run: runOwn(own, plan.output, plan.dtype) };
  }
  const steps = op.lower(specs, output, attrs).map((step) => compileStep(device, step));
  const [only] = steps;
  return { ...plan, run: steps.length === 1 && only !== undefined ? only : runAll(steps) };
}

type RunStep = (inputs: readonly Input[], attrs: Attrs, out: BufferHandle) => void;

function runOwn<A extends Attrs>(own: RunWhole<A>, target: Layout, dtype: DType): RunStep {
  return (inputs, attrs, buffer) => {
    const operands = inputs.map((input) => operandOf(input as Tensor));
    own(operands, { buffer, layout: target, offset: 0, dtype }, attrs as A);
  };
}

function runAll(steps: readonly RunStep[]): RunStep {
  return (inputs, attrs, out) => {
    for (const step of steps) step(inputs, attrs, out);
  };
}

function compileStep(device: Device, step: Step): RunStep {
  const views = [...step.inputs.map((input) => input.layout), step.output.layout];
  const { kernel, layouts } = coalesce(simplifyKernel(step.kernel), views);
  if (debugLevel > 2) showKernel(kernel);
  const key = kernelKey(kernel);
  let compiled = device.kernels.get(key);
  if (compiled === undefined) {
    compiled = device.backend.compileKernel(kernel);
    device.kernels.set(key, compiled);
  }
  const outputLayout = layouts[layouts.length - 1] as Layout;
  const outputDType = kernel.outputs[0]?.dtype ?? "float32";
  return runKernel(
    compiled,
    step.inputs.map((input) => input.source),
    layouts,
    step.scalars.map((scalar, index) =>
      "source" in scalar
        ? { source: scalar.source, dtype: kernel.scalars[index] ?? "float32" }
        : { value: scalar.value },
    ),
    outputLayout,
    outputDType,
    step.output.offset,
  );
}

type ScalarSource = { readonly source: number; readonly dtype: DType } | { readonly value: number };
const noScalars: readonly number[] = [];

function runKernel(
  compiled: CompiledKernel,
  sources: readonly number[],
  layouts: readonly Layout[],
  scalars: readonly ScalarSource[],
  outputLayout: Layout,
  outputDType: DType,
  outputOffset: number,
): RunStep {
  const count = sources.length;
  return (inputs, _attrs, out) => {
    const operands = new Array<Operand>(count);
    for (let i = 0; i < count; i++) {
      const x = inputs[sources[i] as number] as Tensor;
      operands[i] = {
        buffer: x.storage.handle,
        layout: layouts[i] as Layout,
        offset: x.offset,
        dtype: x.storage.dtype,
      };
    }
    const numbers = scalars.length === 0 ? noScalars : scalarValues(scalars, inputs);
    compiled.run(operands, numbers, [
      { buffer: out, layout: outputLayout, offset: outputOffset, dtype: outputDType },
    ]);
  };
}

function scalarValues(scalars: readonly ScalarSource[], inputs: readonly Input[]): number[] {
  const values = new Array<number>(scalars.length);
  for (let i = 0; i < scalars.length; i++) {
    const scalar = scalars[i] as ScalarSource;
    values[i] =
      "value" in scalar ? scalar.value : toScalar(inputs[scalar.source] as number, scalar.dtype);
  }
  return values;
}

/** A JS number as a kernel argument of `dtype`: rounded as a stored element is, integers wrap. */
export function toScalar(value: number, dtype: DType): number {
  switch (dtype) {
    case "float64":
      return value;
    case "float32":
    case "float16":
      return Math.fround(value);
    case "int32":
      return value | 0;
    case "uint8":
      return value & 255;
    default:
      return value === 0 ? 0 : 1;
  }
}

export type RunWhole<A extends Attrs> = (
  inputs: readonly Operand[],
  output: Operand,
  attrs: A,
) => void;

/** How the backend runs `op` by itself: an override that accepts the operands, or a routine. */
export function ownWay<A extends Attrs>(
  { backend: { ops, routines } }: Device,
  { name, routine }: Primitive<A>,
  specs: readonly InputSpec[],
  attrs: A,
): RunWhole<A> | undefined {
  const override = ops?.[name];
  const tensors = specs.filter((spec): spec is TensorSpec => spec.kind === "tensor");
  const layouts = tensors.map((spec) => spec.layout);
  const dtypes = tensors.map((spec) => spec.dtype);
  if (tensors.length === specs.length && override?.accepts(layouts, dtypes, attrs)) {
    return (inputs, output, given) => override.run(inputs, [output], given);
  }
  if (routine === undefined || routines?.[routine.name] === undefined) return undefined;
  return (inputs, output, given) => routine.run(routines as Routines, inputs, output, given);
}

function operandOf(x: Tensor): Operand {
  return { buffer: x.storage.handle, layout: x.layout, offset: x.offset, dtype: x.storage.dtype };
}
