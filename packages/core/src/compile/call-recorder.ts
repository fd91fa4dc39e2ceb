// What a device has while a function is recorded: a backend that gives numbers for buffers, and a
// planner whose plans write down what they would run.

import {
  constant,
  type DType,
  type Expr,
  type Kernel,
  layout,
  newArray,
  type Origin,
  type OwnCall,
  type ProgramBuffer,
  type ProgramCall,
  type Result,
  rewriteExpr,
  type TypedArray,
  type View,
} from "@chainrule/kernel";
import type { Backend } from "../backend/backend.js";
import type { Device } from "../engine/device.js";
import { ownWay, type Plan, type RunWhole, toScalar } from "../engine/plan.js";
import { specOf } from "../engine/specs.js";
import type { Storage } from "../engine/storage.js";
import type { Attrs, Input, OutputSpec, Primitive, Step } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { readError } from "./errors.js";

/** Stands in a storage for its buffer while a function is recorded. */
export class Value {
  /** The buffer of the program. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** What is exchanged of a device. */
export type DeviceParts = Pick<Device, "backend" | "plans" | "planner">;

/** What a recorder asks of the recording it is part of. */
export interface Situation {
  readonly device: Device;
  /** The buffer that holds the elements of `storage` now. */
  valueOf(storage: Storage): number;
  /** Where an operation is that runs now. */
  originOf(op: string): Origin;
  /** Has the recording end with `error`, also where the function catches it; returns it. */
  failing(error: Error): Error;
}

/** Writes down what runs, as a program. */
export class CallRecorder {
  readonly buffers: ProgramBuffer[] = [];
  readonly calls: ProgramCall[] = [];
  readonly results: Result[] = [];
  /** What the device is to have meanwhile. */
  readonly parts: DeviceParts;
  readonly #situation: Situation;

  constructor(situation: Situation) {
    this.#situation = situation;
    const backend = this.#recording(situation.device.backend);
    this.parts = { backend, plans: [], planner: this.#plan };
  }

  /** Adds a buffer and gives its number. */
  addBuffer(
    role: ProgramBuffer["role"],
    dtype: DType,
    length: number,
    label: string,
    data?: TypedArray,
  ): number {
    const buffer = { role, dtype, length, label };
    return this.buffers.push(data === undefined ? buffer : { ...buffer, data }) - 1;
  }

  #recording(backend: Backend): Backend {
    const refuse = (): never => {
      throw this.#situation.failing(readError());
    };
    const { name, contract, capabilities, routines, ops, lost } = backend;
    return {
      name,
      contract,
      capabilities,
      ...(routines && { routines }),
      ...(ops && { ops }),
      lost,
      compileKernel: (kernel) => backend.compileKernel(kernel),
      ready: () => backend.ready(),
      close: () => backend.close(),
      allocate: (length, dtype) => new Value(this.addBuffer("temporary", dtype, length, "")),
      upload: (data, dtype) => {
        const copy = newArray(dtype, data.length);
        copy.set(data);
        return new Value(this.addBuffer("constant", dtype, data.length, "", copy));
      },
      // A promise is only noticed when somebody waits for it.
      read: () => {
        this.#situation.failing(readError());
        return new Promise(() => {});
      },
      readSync: refuse,
      write: refuse,
      free: () => {},
      info: () => backend.info(),
    };
  }

  readonly #plan: NonNullable<Device["planner"]> = (_, given, inputs, attrs) => {
    const op = given as unknown as Primitive;
    const specs = inputs.map(specOf);
    const output = op.infer(specs, attrs);
    this.#situation.device.ensureSupports(op.name, output.dtype);
    const run: Plan["run"] = (given, givenAttrs, out) =>
      this.#record(op, given, givenAttrs, output, out as Value);
    return { inputs: specs, output: layout(output.shape), dtype: output.dtype, run };
  };

  #record(
    op: Primitive,
    inputs: readonly Input[],
    attrs: Attrs,
    output: OutputSpec,
    out: Value,
  ): void {
    const specs = inputs.map(specOf);
    const origins = [this.#situation.originOf(op.name)];
    const own = ownWay(this.#situation.device, op, specs, attrs);
    if (own !== undefined) {
      const views = inputs.map((x) => this.#view(x as Tensor, (x as Tensor).layout));
      const result = { buffer: out.index, layout: layout(output.shape), offset: 0 };
      const run = runOf(own, attrs);
      this.calls.push({ kind: "own", inputs: views, outputs: [result], origins, run });
      return;
    }
    for (const step of op.lower(specs, output, attrs)) {
      const views = step.inputs.map((seen) =>
        this.#view(inputs[seen.source] as Tensor, seen.layout),
      );
      const outputs = [{ buffer: out.index, ...step.output }];
      const kernel = withNumbers(step, inputs);
      this.calls.push({ kind: "kernel", kernel, inputs: views, outputs, origins });
    }
  }

  #view(x: Tensor, seen: View["layout"]): View {
    return { buffer: this.#situation.valueOf(x.storage), layout: seen, offset: x.offset };
  }
}

/** Made here so that it holds nothing of the recording. */
function runOf(own: RunWhole<Attrs>, attrs: Attrs): OwnCall["run"] {
  return (operands, [target]) => {
    if (target !== undefined) own(operands, target, attrs);
  };
}

/** The kernel of `step` with its run-time scalars as the numbers they are. */
function withNumbers(step: Step, inputs: readonly Input[]): Kernel {
  const { kernel, scalars } = step;
  if (scalars.length === 0) return kernel;
  const numbers = scalars.map((scalar, index): Expr => {
    const dtype = kernel.scalars[index] ?? "float32";
    const value =
      "source" in scalar ? toScalar(inputs[scalar.source] as number, dtype) : scalar.value;
    return constant(value, dtype);
  });
  const done = new Map<Expr, Expr>();
  const replaced = (value: Expr): Expr =>
    rewriteExpr(
      value,
      (node) => (node.kind === "scalar" ? (numbers[node.index] ?? node) : node),
      done,
    );
  return {
    ...kernel,
    scalars: [],
    stages: kernel.stages.map((stage) => ({ ...stage, value: replaced(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: replaced(output.value) })),
  };
}
