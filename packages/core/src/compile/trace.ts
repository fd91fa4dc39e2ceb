// Runs a function once with nothing computed: every storage it touches gets a placeholder for its
// buffer, every operation becomes a call of a program. Afterwards all is as it was before.

import {
  constant,
  type DType,
  type Expr,
  type Kernel,
  layout,
  newArray,
  type Origin,
  type OwnCall,
  type Phase,
  type ProgramBuffer,
  type ProgramCall,
  type Result,
  rewriteExpr,
  sizeOf,
  type TypedArray,
  type View,
} from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import { type Node, nextSequence } from "../autograd/node.js";
import type { Backend } from "../backend/backend.js";
import { setObserver } from "../debug/level.js";
import type { Observer } from "../debug/observe.js";
import { Device, devices } from "../engine/device.js";
import { ownWay, type Plan, type RunWhole, toScalar } from "../engine/plan.js";
import { specOf } from "../engine/specs.js";
import { type Owners, Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import { setTracer, type Tracer } from "../engine/tracer.js";
import { untrackStorage } from "../memory/memory.js";
import type { Attrs, Input, OutputSpec, Primitive, Step } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  backendError,
  effectError,
  functionError,
  leakError,
  outsideGraphError,
  readError,
} from "./errors.js";
import { Watch } from "./watch.js";

/** Stands in a storage for its buffer while a function is recorded. */
export class Value {
  /** The buffer of the program. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** A storage from outside that the function reads or writes. */
export interface Entry {
  readonly storage: Storage;
  readonly index: number;
  /** Undefined for arguments. */
  readonly captured: { readonly line: string } | undefined;
}

/** The `grad` of a tensor from outside. */
export interface GradSlot {
  readonly tensor: Tensor;
  /** What it was before the function. */
  readonly before: Tensor["gradient"];
  /** Whether the function reads what it was before. */
  readonly read: boolean;
  written: boolean;
}

/** Random or other host data that each run draws anew. */
export interface Draw {
  readonly index: number;
  readonly draw: () => TypedArray;
}

interface Kept {
  readonly handle: object;
  readonly owners: Owners | null;
  readonly version: number;
  readonly writer: string;
  readonly viewers: number;
}

type DeviceParts = Pick<Device, "backend" | "plans" | "planner">;

/** A recording. */
export class Trace implements Tracer, Observer {
  readonly device: Device;
  readonly buffers: ProgramBuffer[] = [];
  readonly calls: ProgramCall[] = [];
  readonly results: Result[] = [];
  readonly entries: Map<Storage, Entry> = new Map();
  readonly slots: Map<Tensor, GradSlot> = new Map();
  readonly draws: Draw[] = [];
  readonly watch: Watch = new Watch();
  /** Leaves from outside that operations used, with whether they required gradients. */
  readonly leaves: Map<Tensor, boolean> = new Map();
  readonly #made = new Set<Storage>();
  readonly #before = new Map<Storage, Kept>();
  /** The tensors that the function made. */
  readonly #inside = new WeakSet<Tensor>();
  readonly #path: string[] = [];
  readonly #firstNode = nextSequence;
  /** What the device has outside of the recording. */
  readonly #outside: DeviceParts;
  #failure: Error | undefined;
  #backward = false;
  #update = 0;

  constructor(device: Device) {
    this.device = device;
    const { backend, plans, planner } = device;
    this.#outside = { backend, plans, planner };
  }

  /** Runs `record` with all operations of the device recorded. */
  run<T>(record: () => T): T {
    const recorder = this.#recorder(this.device.backend);
    devices.set(recorder, this.device);
    const before = this.#exchange({ backend: recorder, plans: [], planner: this.#plan });
    setTracer(this);
    setObserver(this);
    try {
      const result = record();
      if (this.#failure !== undefined) throw this.#failure;
      return result;
    } finally {
      setTracer(undefined);
      setObserver(undefined);
      this.#exchange(before);
      for (const [storage, kept] of this.#before) Object.assign(storage, kept);
      for (const { tensor, before } of this.slots.values()) tensor.gradient = before;
      const over = new Device(overBackend);
      for (const storage of this.#made) {
        storage.device = over;
        untrackStorage(storage);
      }
    }
  }

  /** A tensor that stands for an argument: a leaf over a buffer of its own. */
  argument(x: Tensor, label: string): Tensor {
    if (x.storage.device !== this.device) this.#refuse(x.storage.device);
    const { length } = spanOf(x);
    const index = this.#buffer("input", x.dtype, length, label);
    // A part of an array must not look like the whole of one, which can be assigned to.
    const isWhole = length === x.storage.length;
    const seen = isWhole ? length : length + 1;
    const storage = new Storage(this.device, new Value(index), x.dtype, seen);
    this.#made.add(storage);
    this.entries.set(storage, { storage, index, captured: undefined });
    const placeholder = makeTensor(storage, x.layout, spanOf(x).before);
    if (x.requiresGrad) placeholder.requiresGrad = true;
    if (typeof x.gradient === "function") x.gradient = x.gradient();
    placeholder.gradient = x.gradient;
    // It counts as one from outside.
    this.#inside.delete(placeholder);
    return placeholder;
  }

  /** A tensor whose elements each run is given. */
  given(shape: readonly number[], dtype: DType, label: string): Tensor {
    const index = this.#buffer("input", dtype, sizeOf(shape), label);
    const storage = new Storage(this.device, new Value(index), dtype, sizeOf(shape));
    this.#made.add(storage);
    return makeTensor(storage, layout(shape), 0);
  }

  /** The buffer that holds the elements of `storage` at this point of the recording. */
  valueOf(storage: Storage): number {
    this.touch(storage);
    return (storage.handle as Value).index;
  }

  /** A buffer that the caller gets, with the elements of `value`. */
  addOutput(dtype: DType, length: number, value: number): number {
    const target = this.#buffer("output", dtype, length, "result");
    this.results.push({ target, value });
    return target;
  }

  setRole(index: number, role: ProgramBuffer["role"]): void {
    const buffer = this.buffers[index];
    if (buffer !== undefined) this.buffers[index] = { ...buffer, role };
  }

  labelOf(storage: Storage): string {
    const entry = this.entries.get(storage);
    return (entry === undefined ? undefined : this.buffers[entry.index]?.label) ?? "";
  }

  /** Whether `x` was made by the function. */
  isInside(x: Tensor): boolean {
    return this.#inside.has(x);
  }

  /** Whether `storage` was made by the function. */
  isOwn(storage: Storage): boolean {
    return storage.handle instanceof Value && !this.entries.has(storage);
  }

  // 1. What the engine tells

  touch(storage: Storage): void {
    if (storage.handle instanceof Value) return;
    if (storage.device !== this.device) this.#refuse(storage.device);
    const { handle, owners, version, writer, viewers, dtype, length } = storage;
    const named = this.watch.labels.get(storage);
    const label = named ?? `captured ${dtype}[${length}]`;
    const index = this.#buffer("input", dtype, length, label);
    const captured = { line: named === undefined ? callerLine() : "" };
    this.entries.set(storage, { storage, index, captured });
    this.#before.set(storage, { handle, owners, version, writer, viewers });
    storage.handle = new Value(index);
    storage.owners = null;
  }

  born(tensor: Tensor): void {
    this.#inside.add(tensor);
  }

  grad(tensor: Tensor, writes: boolean): void {
    // What the function made itself is nobody else's.
    if (this.#inside.has(tensor)) return;
    const known = this.slots.get(tensor);
    if (known !== undefined) {
      known.written ||= writes;
      return;
    }
    if (!writes && typeof tensor.gradient === "function") tensor.gradient = tensor.gradient();
    const before = tensor.gradient;
    if (!writes && typeof before === "object" && before !== null) {
      this.watch.labels.set(before.storage, "gradient");
    }
    this.slots.set(tensor, { tensor, before, read: !writes, written: writes });
  }

  drawn(device: Device, draw: () => TypedArray, dtype: DType, shape: readonly number[]): Tensor {
    if (device !== this.device) this.#refuse(device);
    const x = this.given(shape, dtype, "random numbers");
    this.draws.push({ index: this.valueOf(x.storage), draw });
    return x;
  }

  within<T>(part: object | undefined, method: string, run: () => T): T {
    if (part === undefined) throw functionError(`${method}, without the object it is a method of`);
    this.watch.add(part);
    this.#path.push(part.constructor.name);
    if (method === "step") this.#update += 1;
    try {
      return run();
    } finally {
      this.#path.pop();
      if (method === "step") this.#update -= 1;
    }
  }

  note(part: object, key: string, value: unknown): void {
    this.watch.note(part, key, value);
  }

  refuse(what: string): never {
    return this.#fail(effectError(what));
  }

  pause<T>(run: () => T): T {
    const recording = this.#exchange(this.#outside);
    setTracer(undefined);
    setObserver(undefined);
    try {
      return noGrad(run);
    } finally {
      this.#exchange(recording);
      setTracer(this);
      setObserver(this);
    }
  }

  operation(_op: Primitive, inputs: readonly Input[], _attrs: Attrs, { storage }: Tensor): void {
    // Views too: a parameter may be used by way of its transpose only.
    for (const input of inputs) if (typeof input === "object") this.#enter(input);
    if (storage.device !== this.device) this.#refuse(storage.device);
    if (this.isOwn(storage)) this.#made.add(storage);
  }

  upload({ storage }: Tensor): void {
    if (storage.device !== this.device) this.#refuse(storage.device);
    this.#made.add(storage);
  }

  derivative(node: Node | null): void {
    if (node !== null && node.sequence < this.#firstNode) throw outsideGraphError();
    this.#backward = node !== null;
  }

  made(): void {}

  // 2. What a backend does, and plans

  /** Puts `parts` in place of those of the device, and returns these. */
  #exchange(parts: DeviceParts): DeviceParts {
    const { backend, plans, planner } = this.device;
    Object.assign(this.device, parts);
    return { backend, plans, planner };
  }

  #recorder(backend: Backend): Backend {
    const refuse = (): never => this.#fail(readError());
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
      allocate: (length, dtype) => new Value(this.#buffer("temporary", dtype, length, "")),
      upload: (data, dtype) => {
        const copy = newArray(dtype, data.length);
        copy.set(data);
        return new Value(this.#buffer("constant", dtype, data.length, "", copy));
      },
      // A promise is only noticed when somebody waits for it: the recording fails in any case.
      read: () => {
        this.#failure = readError();
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
    this.device.ensureSupports(op.name, output.dtype);
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
    const origins = [this.#origin(op.name)];
    const own = ownWay(this.device, op, specs, attrs);
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
    return { buffer: this.valueOf(x.storage), layout: seen, offset: x.offset };
  }

  /** Notes an operand from outside. */
  #enter(x: Tensor): void {
    this.touch(x.storage);
    if (x.node !== null || !this.#before.has(x.storage) || this.#inside.has(x)) return;
    this.leaves.set(x, x.requiresGrad);
  }

  #origin(op: string): Origin {
    const phase: Phase = this.#update > 0 ? "update" : this.#backward ? "backward" : "forward";
    return { op, phase, path: this.#path.join(".") };
  }

  #buffer(
    role: ProgramBuffer["role"],
    dtype: DType,
    length: number,
    label: string,
    data?: TypedArray,
  ): number {
    const buffer = { role, dtype, length, label };
    return this.buffers.push(data === undefined ? buffer : { ...buffer, data }) - 1;
  }

  #refuse(device: Device): never {
    return this.#fail(backendError(this.device.backend.name, device.backend.name));
  }

  /** Ends the recording, also where the function catches what is thrown. */
  #fail(error: Error): never {
    this.#failure ??= error;
    throw error;
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

/** The elements of its storage that `x` can see: how many, and how many of them lie before its first. */
export function spanOf({ layout: { shape, strides, size } }: Tensor): {
  readonly length: number;
  readonly before: number;
} {
  if (size === 0) return { length: 0, before: 0 };
  let [before, after] = [0, 0];
  for (const [axis, n] of shape.entries()) {
    const reach = (n - 1) * (strides[axis] ?? 0);
    if (reach < 0) before -= reach;
    else after += reach;
  }
  return { length: before + after + 1, before };
}

/** Where the code outside of this package is that is running, for warnings; empty if unknown. */
function callerLine(): string {
  const lines = new Error().stack?.split("\n").slice(1) ?? [];
  const here = /[\\/](core|nn|optim|kernel)[\\/](src|dist)[\\/]/;
  // Functions of the engine, such as Array.map, are in no file.
  const isInFile = (line: string): boolean => /:\d+:\d+\)?$/.test(line) && !/\(?node:/.test(line);
  return lines.find((line) => isInFile(line) && !here.test(line))?.trim() ?? "";
}

/** The backend of tensors whose recording is over: whatever is asked of it, it says so. */
const overBackend: Backend = new Proxy({} as Backend, {
  get: (_, key) => {
    if (key === "free") return () => {};
    throw leakError();
  },
});
