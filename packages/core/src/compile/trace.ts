// Runs a function once with nothing computed: every storage it touches gets a placeholder for its
// buffer, every operation becomes a call of a program. Afterwards all is as it was before.

import {
  type DType,
  layout,
  type Origin,
  type Phase,
  type ProgramBuffer,
  type ProgramCall,
  type Result,
  sizeOf,
  type TypedArray,
} from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import { type Node, nextSequence } from "../autograd/node.js";
import type { Backend } from "../backend/backend.js";
import { setObserver } from "../debug/level.js";
import type { Observer } from "../debug/observe.js";
import { Device, devices } from "../engine/device.js";
import { type Owners, Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import { setTracer, type Tracer } from "../engine/tracer.js";
import { untrackStorage } from "../memory/memory.js";
import type { Attrs, Input, Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { CallRecorder, type DeviceParts, type Situation, Value } from "./call-recorder.js";
import {
  backendError,
  effectError,
  functionError,
  leakError,
  outsideGraphError,
} from "./errors.js";
import { spanOf } from "./span.js";
import { Watch } from "./watch.js";

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

/** A recording. */
export class Trace implements Tracer, Observer, Situation {
  readonly device: Device;
  readonly buffers: ProgramBuffer[];
  readonly calls: ProgramCall[];
  readonly results: Result[];
  readonly entries: Map<Storage, Entry> = new Map();
  readonly slots: Map<Tensor, GradSlot> = new Map();
  readonly draws: Draw[] = [];
  readonly watch: Watch = new Watch();
  /** Leaves from outside that operations used, with whether they required gradients. */
  readonly leaves: Map<Tensor, boolean> = new Map();
  readonly #recorder: CallRecorder;
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
    this.#recorder = new CallRecorder(this);
    const { buffers, calls, results } = this.#recorder;
    this.buffers = buffers;
    this.calls = calls;
    this.results = results;
  }

  /** Runs `record` with all operations of the device recorded. */
  run<T>(record: () => T): T {
    const { parts } = this.#recorder;
    devices.set(parts.backend, this.device);
    const before = this.#exchange(parts);
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
    const index = this.#recorder.addBuffer("input", x.dtype, length, label);
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
    const index = this.#recorder.addBuffer("input", dtype, sizeOf(shape), label);
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
    const target = this.#recorder.addBuffer("output", dtype, length, "result");
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
    const index = this.#recorder.addBuffer("input", dtype, length, label);
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
    throw this.failing(effectError(what));
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

  // 2. What the recorder of calls asks

  originOf(op: string): Origin {
    const phase: Phase = this.#update > 0 ? "update" : this.#backward ? "backward" : "forward";
    return { op, phase, path: this.#path.join(".") };
  }

  failing(error: Error): Error {
    this.#failure ??= error;
    return error;
  }

  // 3. Its own

  /** Puts `parts` in place of those of the device, and returns these. */
  #exchange(parts: DeviceParts): DeviceParts {
    const { backend, plans, planner } = this.device;
    Object.assign(this.device, parts);
    return { backend, plans, planner };
  }

  /** Notes an operand from outside. */
  #enter(x: Tensor): void {
    this.touch(x.storage);
    if (x.node !== null || !this.#before.has(x.storage) || this.#inside.has(x)) return;
    this.leaves.set(x, x.requiresGrad);
  }

  #refuse(device: Device): never {
    throw this.failing(backendError(this.device.backend.name, device.backend.name));
  }
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
