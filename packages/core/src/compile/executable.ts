// A recorded function that is ready to run: checks that it still holds, hands the buffers of tensors
// to the program, and makes tensors of what it computed. Between two calls on the same tensors nothing
// is done that the program does not need.

import { type BufferHandle, type CompiledProgram, type Layout, layout } from "@chainrule/kernel";
import { isGradEnabled, noGrad } from "../autograd/grad-mode.js";
import { currentDevice } from "../backend/current.js";
import { disposedError } from "../engine/apply.js";
import type { Device } from "../engine/device.js";
import { Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import { changes } from "../engine/tracer.js";
import { InternalError } from "../errors.js";
import { copy } from "../ops/elementwise/copy.js";
import { ensureWhole } from "../ops/write/assign.js";
import type { Tensor } from "../tensor/tensor.js";
import type { BackwardProgram, Left } from "./derivative.js";
import { aliasError, disposedCaptureError } from "./errors.js";
import { Hole, type Owner, type Recording, type ResultRef, type Source } from "./record.js";
import { isTensor, Signature } from "./signature.js";
import { spanOf } from "./trace.js";

/** A buffer the program reads or writes that belongs to a tensor outside. */
interface Bound {
  readonly index: number;
  readonly source: Source;
  readonly written: boolean;
  /** Where its elements are in this call. */
  storage: Storage;
  start: number;
  /** What is bound. */
  handle: BufferHandle | null;
  offset: number;
}

/** A buffer the program fills. */
interface Filled {
  readonly index: number;
  readonly length: number;
  readonly dtype: Storage["dtype"];
  /** Whether the caller always gets it; if not, it is kept until somebody looks. */
  readonly given: boolean;
  /** Null once it is somebody else's. */
  handle: BufferHandle | null;
  storage: Storage | null;
}

interface GradWrite {
  readonly owner: Owner;
  readonly after: ResultRef | null;
  /** Makes the gradient of what the last run computed. */
  readonly take: (() => Tensor) | undefined;
  /** What it is about to be, where it is made at once. */
  made: Tensor | null;
}

/** One program of a compiled function, for calls that look like the one it was recorded in. */
export class Executable {
  readonly recording: Recording;
  readonly #device: Device;
  readonly #program: CompiledProgram;
  readonly #backward: BackwardProgram | undefined;
  /** What the backward pass needs of the call that is being made. */
  #left: Left | undefined;
  readonly #signature: Signature;
  readonly #gradMode: boolean;
  readonly #leaves: Tensor[] = [];
  /** The arguments of the last call, where none is a structure. */
  #flat: readonly unknown[] = [];
  readonly #leavesRequired: readonly boolean[];
  readonly #captured: readonly Tensor[];
  readonly #required: readonly boolean[];
  readonly #bound: readonly Bound[];
  readonly #written: readonly Bound[];
  /** Whether other buffers than those bound are to be read or written. */
  #stale = true;
  readonly #filled: readonly Filled[];
  /** Those of the filled buffers that results need in each call. */
  readonly #given: readonly Filled[];
  readonly #drawn: readonly BufferHandle[];
  readonly #grads: readonly GradWrite[];
  readonly #slotsOfArguments: boolean;
  /** Results of this call that are in several places. */
  readonly #repeated = new Map<Hole, Tensor>();
  /** Whether a gradient that somebody looked at left its buffer to be made anew. */
  #taken = true;
  /** The only result, if it is a tensor. */
  readonly #single: ResultRef | undefined;
  readonly #holds: () => boolean;
  /** How many {@link changes} there were when all was last found as it must be; -1 for never. */
  #checked = -1;
  readonly #name: string;

  constructor(
    recording: Recording,
    program: CompiledProgram,
    backward: BackwardProgram | undefined,
    args: readonly unknown[],
    name: string,
  ) {
    const { device, bindings, outputs, draws, slots, results } = recording;
    this.recording = recording;
    this.#name = name;
    this.#device = device;
    this.#program = program;
    this.#backward = backward;
    this.#signature = new Signature(args);
    this.#gradMode = isGradEnabled();
    this.#signature.fits(args, this.#leaves);
    this.#leavesRequired = this.#leaves.map(({ requiresGrad }) => requiresGrad);
    this.#captured = [...recording.leaves.keys()];
    this.#required = [...recording.leaves.values()];
    const none = { storage: noStorage as Storage, start: 0, handle: null, offset: 0 };
    this.#bound = bindings.map((binding) => ({ ...binding, ...none }));
    this.#written = this.#bound.filter(({ written }) => written);
    const given = new Set<number>();
    collectOutputs(results, given);
    for (const { output } of recording.derivative?.kept ?? []) given.add(output);
    // Gradients that share memory are made at once, as are those that are results too, and those of
    // arguments: the next call may be for others.
    const seen = new Set<number>();
    for (const { owner, after } of slots) {
      if (after?.kind !== "output") continue;
      if (typeof owner === "number" || seen.has(after.output)) given.add(after.output);
      seen.add(after.output);
    }
    this.#filled = outputs.map((output, i) => ({
      ...output,
      given: given.has(i),
      handle: null,
      storage: null,
    }));
    this.#given = this.#filled.filter((filled) => filled.given);
    this.#single = results instanceof Hole ? results.ref : undefined;
    this.#holds = recording.watch.holds;
    this.#drawn = draws.map(({ index, draw: _ }) => {
      const { dtype, length } = recording.program.buffers[index] ?? { dtype: "float32", length: 0 };
      const handle = device.backend.allocate(length, dtype);
      program.bind(index, handle, 0);
      return handle;
    });
    this.#slotsOfArguments = slots.some(({ owner }) => typeof owner === "number");
    this.#grads = slots.flatMap(({ owner, after }) =>
      after === undefined ? [] : [{ owner, after, take: this.#takerOf(after), made: null }],
    );
  }

  /** Whether it serves `args`, now. */
  fits(args: readonly unknown[]): boolean {
    const same = sameItems(args, this.#flat);
    if (this.#gradMode !== isGradEnabled() || !this.#holds()) return false;
    if (this.#leaves.length === 0 && currentDevice() !== this.#device) return false;
    if (same && this.#checked === changes) return true;
    this.#checked = -1;
    if (!same && !this.#take(args)) return false;
    if (!this.#leavesHold() || !this.#gradsHold() || !this.#buffersHold()) return false;
    // Gradients that it reads are others in each call.
    if (!this.#readsGrads) this.#checked = changes;
    return true;
  }

  /** Runs it on the arguments it was last asked about. */
  run(): unknown {
    const { draws } = this.recording;
    for (let i = 0; i < draws.length; i++) {
      const data = (draws[i] as (typeof draws)[number]).draw();
      this.#device.backend.write(this.#drawn[i] as BufferHandle, 0, data);
    }
    if (this.#stale) this.#bindAll();
    if (this.#taken) this.#prepareAll();
    const given = this.#given;
    for (let i = 0; i < given.length; i++) this.#prepare(given[i] as Filled);
    this.#program.run();
    const written = this.#written;
    for (let i = 0; i < written.length; i++) (written[i] as Bound).storage.version += 1;
    if (this.#backward !== undefined) this.#left = this.#leave(this.#backward);
    // While gradients are what they were: results may be one of these, or a part of one.
    const made =
      this.#single === undefined ? this.#results(this.recording.results) : this.#make(this.#single);
    if (this.#repeated.size > 0) this.#repeated.clear();
    this.#setGrads();
    for (let i = 0; i < given.length; i++) {
      (given[i] as Filled).storage = null;
      (given[i] as Filled).handle = null;
    }
    return made;
  }

  /** What of `args`, or of what was captured, is not as it was recorded. */
  differenceFrom(args: readonly unknown[]): string {
    if (!this.#signature.fits(args, [])) return "its arguments";
    return this.recording.watch.changed() ?? "what requires gradients, or where something is,";
  }

  dispose(): void {
    this.#program.dispose();
    this.#backward?.dispose();
    for (const handle of this.#drawn) this.#device.backend.free(handle);
  }

  // 1. Whether it holds

  /** Whether `args` are of the kind it was recorded for; remembers them then. */
  #take(args: readonly unknown[]): boolean {
    this.#flat = [];
    if (!this.#signature.fits(args, this.#leaves)) return false;
    if (args.every((arg) => isTensor(arg) || !isStructure(arg))) this.#flat = args;
    return true;
  }

  #leavesHold(): boolean {
    for (let i = 0; i < this.#leaves.length; i++) {
      const x = this.#leaves[i] as Tensor;
      if (x.requiresGrad !== this.#leavesRequired[i]) return false;
      if (x.disposed) throw disposedError(this.#name);
    }
    const required = this.#required;
    for (let i = 0; i < required.length; i++) {
      if ((this.#captured[i] as Tensor).requiresGrad !== required[i]) return false;
    }
    return true;
  }

  get #readsGrads(): boolean {
    return this.recording.slots.some(({ before }) => before !== undefined);
  }

  #gradsHold(): boolean {
    const { slots } = this.recording;
    if (this.#slotsOfArguments) this.#ensureOneSlotEach();
    for (let i = 0; i < slots.length; i++) {
      const { owner, before } = slots[i] as (typeof slots)[number];
      if (before === undefined) continue;
      const now = this.#tensorOf(owner).grad;
      if (before === null ? now !== null : now?.layout !== before) return false;
    }
    return true;
  }

  /** Of a tensor that is two arguments, or captured too, only one gradient would remain. */
  #ensureOneSlotEach(): void {
    const names = new Map<Tensor, string>();
    for (const { owner } of this.recording.slots) {
      const name = `the gradient of ${typeof owner === "number" ? `argument ${owner}` : "what is captured"}`;
      const tensor = this.#tensorOf(owner);
      const other = names.get(tensor);
      if (other !== undefined) throw aliasError(name, other);
      names.set(tensor, name);
    }
  }

  /** Looks where the elements are now: on its device, and in the buffers that are bound? */
  #buffersHold(): boolean {
    this.#stale = false;
    for (let i = 0; i < this.#bound.length; i++) {
      const bound = this.#bound[i] as Bound;
      const { source } = bound;
      if (source.kind !== "storage") this.#locate(bound);
      else bound.storage = source.storage;
      const { handle, viewers, owners, device } = bound.storage;
      if (handle === bound.handle && bound.start === bound.offset && viewers > 0) {
        if (!bound.written || owners === null) continue;
      }
      if (device !== this.#device) return false;
      this.#stale = true;
    }
    return true;
  }

  #locate(bound: Bound): void {
    bound.storage = this.#storageOf(bound.source);
    bound.start = this.#startOf(bound.source);
  }

  /** Where in its storage the buffer of the program begins: an argument may be a part of an array. */
  #startOf(source: Source): number {
    if (source.kind !== "argument") return 0;
    const x = this.#leaves[source.leaf] as Tensor;
    return x.layout.contiguous ? x.offset : x.offset - spanOf(x).before;
  }

  // 2. Buffers

  #bindAll(): void {
    for (const bound of this.#written) this.#own(bound.storage);
    for (const bound of this.#bound) this.#bind(bound);
    for (const { storage } of this.#written) storage.writer = this.#name;
    this.#stale = false;
    if (this.#checked >= 0) this.#checked = changes;
  }

  #prepareAll(): void {
    for (const filled of this.#filled) {
      if (filled.handle === null && !filled.given) this.#prepare(filled);
    }
    this.#taken = false;
  }

  /** Makes sure that nobody else sees the buffer that the program writes to. */
  #own(storage: Storage): void {
    if (storage.owners === null || storage.owners.count < 2) return;
    const { version, writer } = storage;
    const fresh = copyOfStorage(storage);
    storage.adopt(fresh.storage, writer);
    fresh.dispose();
    // Its elements are what they were, and nobody else has them.
    storage.version = version;
    storage.owners = null;
  }

  #bind(bound: Bound): void {
    const { storage, start, source, written } = bound;
    if (written && source.kind === "argument") ensureWhole(this.#leaves[source.leaf] as Tensor);
    if (storage.viewers === 0) throw disposedCaptureError(labelOf(bound.source));
    const isOther = (other: Bound): boolean => other !== bound && other.storage === storage;
    const other = this.#written.find(isOther);
    if (other !== undefined) throw aliasError(labelOf(bound.source), labelOf(other.source));
    const { handle } = storage;
    this.#program.bind(bound.index, handle, start);
    bound.handle = handle;
    bound.offset = start;
  }

  #prepare(filled: Filled): void {
    filled.handle = this.#device.backend.allocate(filled.length, filled.dtype);
    this.#program.bind(filled.index, filled.handle, 0);
  }

  #storageOf(source: Source): Storage {
    if (source.kind === "storage") return source.storage;
    if (source.kind === "argument") return (this.#leaves[source.leaf] as Tensor).storage;
    return this.#gradientOf(source.of).storage;
  }

  #gradientOf(owner: Owner): Tensor {
    const gradient = this.#tensorOf(owner).grad;
    if (gradient === null) throw goneError();
    return gradient;
  }

  #tensorOf(owner: Owner): Tensor {
    return typeof owner === "number" ? (this.#leaves[owner] as Tensor) : owner;
  }

  // 3. Results

  #results(template: unknown): unknown {
    if (template instanceof Hole) {
      if (!template.isRepeated) return this.#make(template.ref);
      const made = this.#repeated.get(template) ?? this.#make(template.ref);
      this.#repeated.set(template, made);
      return made;
    }
    if (Array.isArray(template)) return template.map((part) => this.#results(part));
    if (typeof template !== "object" || template === null || !hasHoles(template)) return template;
    return Object.fromEntries(
      Object.entries(template).map(([key, part]) => [key, this.#results(part)]),
    );
  }

  #make(ref: ResultRef): Tensor {
    switch (ref.kind) {
      case "output": {
        const storage = this.#storage(this.#filled[ref.output] as Filled);
        return this.#withGraph(makeTensor(storage, ref.layout, ref.offset), ref.graph);
      }
      case "argument":
        return this.#leaves[ref.leaf] as Tensor;
      case "same":
        return ref.tensor;
      case "gradient":
        return this.#gradientOf(ref.of);
      case "view":
        return this.#withGraph(
          makeTensor(this.#storageOf(ref.of), ref.layout, this.#startOf(ref.of) + ref.offset),
          ref.graph,
        );
      default:
        return ref satisfies never;
    }
  }

  #withGraph(x: Tensor, graph: number | undefined): Tensor {
    if (graph !== undefined && this.#left !== undefined)
      this.#backward?.attach(x, graph, this.#left);
    return x;
  }

  #leave({ derivative }: BackwardProgram): Left {
    const sources = derivative.sources.map(({ source }) => this.#storageOf(source));
    return {
      kept: derivative.kept.map(({ output }) => this.#storage(this.#filled[output] as Filled)),
      sources,
      starts: derivative.sources.map(({ source }) => this.#startOf(source)),
      versions: sources.map(({ version }) => version),
      owners: derivative.gradients.map(({ owner }) => this.#tensorOf(owner)),
    };
  }

  /** The storage over what was filled: the buffer belongs to it from now on. */
  #storage(filled: Filled): Storage {
    if (filled.storage !== null) return filled.storage;
    if (filled.handle === null) throw goneError();
    filled.storage = new Storage(this.#device, filled.handle, filled.dtype, filled.length);
    return filled.storage;
  }

  #setGrads(): void {
    const grads = this.#grads;
    // First all are made: one may be what another was.
    for (let i = 0; i < grads.length; i++) {
      const write = grads[i] as GradWrite;
      if (write.take === undefined) write.made = write.after && this.#make(write.after);
    }
    for (let i = 0; i < grads.length; i++) {
      const write = grads[i] as GradWrite;
      this.#tensorOf(write.owner).gradient = write.take ?? write.made;
      write.made = null;
    }
  }

  /** For a gradient that nobody may ever look at. */
  #takerOf(after: ResultRef | null): (() => Tensor) | undefined {
    if (after?.kind !== "output") return undefined;
    const filled = this.#filled[after.output];
    if (filled === undefined || filled.given) return undefined;
    return () => {
      const gradient = this.#make(after);
      filled.storage = null;
      filled.handle = null;
      this.#taken = true;
      return gradient;
    };
  }
}

/** Stands in until the first call. */
const noStorage: unknown = { handle: null, viewers: 0 };

/** Whether tensors may be reached through `value`, which may be exchanged without a trace. */
function isStructure(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length || a.length === 0) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function collectOutputs(template: unknown, found: Set<number>): void {
  if (template instanceof Hole) {
    if (template.ref.kind === "output") found.add(template.ref.output);
  } else if (Array.isArray(template)) {
    for (const part of template) collectOutputs(part, found);
  } else if (typeof template === "object" && template !== null && hasHoles(template)) {
    for (const part of Object.values(template)) collectOutputs(part, found);
  }
}

/** Whether `template` is an object that was looked into: a copy of what was returned. */
function hasHoles(template: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(template);
  return prototype === Object.prototype || prototype === null;
}

/** The elements of `storage` in a buffer of their own. */
function copyOfStorage(storage: Storage): Tensor {
  const whole = makeTensor(storage, layout([storage.length]) as Layout, 0);
  try {
    return noGrad(() => copy(whole));
  } finally {
    whole.dispose();
  }
}

function labelOf(source: Source): string {
  if (source.kind === "argument") return `argument ${source.leaf}`;
  return source.kind === "storage" ? source.label : "a gradient";
}

function goneError(): InternalError {
  return new InternalError("compile", "buffers of a program must be there", {
    expected: "a buffer",
    got: "none",
  });
}
