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
import { ValueError } from "../errors.js";
import type {
  Attrs,
  Input,
  InputSpec,
  NumberClass,
  OutputSpec,
  Primitive,
  Step,
  TensorSpec,
} from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Device } from "./device.js";

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

/** Pairs of spec codes, numbered, so that any number of operands has one number as its key. */
const pairs = new Map<number, number>();
let nextPair = 1;
const pairCapacity = 1 << 20;
const radix = 2 ** 26;

/**
 * The key of operands: one number for one operand, positive for two, negative for more, so that
 * joins of two and of three tensors never share a plan.
 */
export function specKey(inputs: readonly Input[]): number {
  const first = inputs[0];
  let key = first === undefined ? 0 : specCode(first);
  for (let i = 1; i < inputs.length; i++) {
    const input = inputs[i] as Input;
    if (i > 1) key = -pairId(key);
    key = key * radix + specCode(input);
  }
  return key;
}

/** A number for all that a plan depends on in one operand: layout and dtype, or class of a number. */
function specCode(input: Input): number {
  if (typeof input === "number") return numberCode(input);
  return input.layout.id * 8 + input.storage.dtypeCode;
}

function pairId(key: number): number {
  let id = pairs.get(key);
  if (id === undefined) {
    // Ids are never reused, so forgetting old pairs can only cost a second plan.
    if (pairs.size > pairCapacity) pairs.clear();
    id = nextPair++;
    pairs.set(key, id);
  }
  return id;
}

const numberClasses: readonly NumberClass[] = ["uint8", "int32", "huge", "fraction"];

function numberCode(value: number): number {
  if (!Number.isInteger(value)) return 3;
  if ((value | 0) !== value) return 2;
  return value >= 0 && value <= 255 ? 0 : 1;
}

/** What a lowering may know of `input`. */
export function specOf(input: Input): InputSpec {
  if (typeof input === "number") {
    return { kind: "number", holds: numberClasses[numberCode(input)] ?? "fraction" };
  }
  return { kind: "tensor", layout: input.layout, shape: input.layout.shape, dtype: input.dtype };
}

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
  const whole =
    overridePlan(device, op, specs, output, attrs) ?? routinePlan(device, op, specs, output);
  if (whole !== undefined) {
    if (debugLevel > 2) showOwn(op.name, device.backend.name);
    return whole;
  }
  const steps = op.lower(specs, output, attrs).map((step) => compileStep(device, step));
  return {
    inputs: specs,
    output: layout(output.shape),
    dtype: output.dtype,
    run: steps.length === 1 && steps[0] !== undefined ? steps[0] : runAll(steps),
  };
}

type RunStep = (inputs: readonly Input[], attrs: Attrs, out: BufferHandle) => void;

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
function toScalar(value: number, dtype: DType): number {
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

function overridePlan<A extends Attrs>(
  device: Device,
  op: Primitive<A>,
  specs: readonly InputSpec[],
  output: OutputSpec,
  attrs: A,
): Plan | undefined {
  const override = device.backend.ops?.[op.name];
  if (override === undefined) return undefined;
  const tensors = specs.filter((spec): spec is TensorSpec => spec.kind === "tensor");
  if (tensors.length !== specs.length) return undefined;
  const layouts = tensors.map((spec) => spec.layout);
  const dtypes = tensors.map((spec) => spec.dtype);
  if (!override.accepts(layouts, dtypes, attrs)) return undefined;
  const outputLayout = layout(output.shape);
  return {
    inputs: specs,
    output: outputLayout,
    dtype: output.dtype,
    run: (inputs, given, out) => {
      const operands = inputs.map((input) => operandOf(input as Tensor));
      override.run(
        operands,
        [{ buffer: out, layout: outputLayout, offset: 0, dtype: output.dtype }],
        given,
      );
    },
  };
}

function routinePlan<A extends Attrs>(
  device: Device,
  op: Primitive<A>,
  specs: readonly InputSpec[],
  output: OutputSpec,
): Plan | undefined {
  const { routine } = op;
  const routines = device.backend.routines;
  if (routine === undefined || routines?.[routine.name] === undefined) return undefined;
  const outputLayout = layout(output.shape);
  return {
    inputs: specs,
    output: outputLayout,
    dtype: output.dtype,
    run: (inputs, attrs, out) => {
      const operands = inputs.map((input) => operandOf(input as Tensor));
      const target = { buffer: out, layout: outputLayout, offset: 0, dtype: output.dtype };
      routine.run(routines as Routines, operands, target, attrs as A);
    },
  };
}

/** A tensor as the argument of a kernel or an override. */
export function operandOf(x: Tensor): Operand {
  return { buffer: x.storage.handle, layout: x.layout, offset: x.offset, dtype: x.storage.dtype };
}

/** Throws: {@link ValueError} for a whole number that no integer dtype holds. */
export function ensureInt32(op: string, holds: NumberClass, dtype: DType): void {
  if (holds !== "huge") return;
  throw new ValueError(op, "a number combined with an integer tensor must fit int32", {
    expected: "a whole number from -2147483648 to 2147483647",
    got: `a larger one, with a ${dtype} tensor`,
    fix: 'Convert the tensor with astype("float32") first.',
  });
}
