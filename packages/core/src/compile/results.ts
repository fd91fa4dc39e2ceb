// What a program has computed, made into tensors: results, gradients, and what a backward pass needs.

import type { BufferHandle, CompiledProgram } from "@chainrule/kernel";
import type { Device } from "../engine/device.js";
import { Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import type { Tensor } from "../tensor/tensor.js";
import type { BackwardProgram, Left } from "./derivative.js";
import { Hole, type Owner, type Recording, type ResultRef } from "./record.js";
import { goneError, type Sources } from "./sources.js";

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

/** The buffers that a program fills, and the tensors over them. */
export class Results {
  readonly #sources: Sources;
  readonly #device: Device;
  readonly #program: CompiledProgram;
  readonly #backward: BackwardProgram | undefined;
  readonly #template: unknown;
  /** The only result, if it is a tensor. */
  readonly #single: ResultRef | undefined;
  readonly #filled: readonly Filled[];
  /** Those of the filled buffers that results need in each call. */
  readonly #given: readonly Filled[];
  readonly #grads: readonly GradWrite[];
  /** Whether a gradient that somebody looked at left its buffer to be made anew. */
  #taken = true;
  /** Results of this call that are in several places. */
  readonly #repeated = new Map<Hole, Tensor>();
  /** What the backward pass needs of the call that is being made. */
  #left: Left | undefined;

  constructor(
    sources: Sources,
    program: CompiledProgram,
    backward: BackwardProgram | undefined,
    { device, outputs, slots, results, derivative }: Recording,
  ) {
    this.#sources = sources;
    this.#device = device;
    this.#program = program;
    this.#backward = backward;
    this.#template = results;
    this.#single = results instanceof Hole ? results.ref : undefined;
    const given = new Set<number>();
    collectOutputs(results, given);
    for (const { output } of derivative?.kept ?? []) given.add(output);
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
    this.#grads = slots.flatMap(({ owner, after }) =>
      after === undefined ? [] : [{ owner, after, take: this.#takerOf(after), made: null }],
    );
  }

  /** Gives the program buffers to fill. */
  prepare(): void {
    if (this.#taken) {
      for (const filled of this.#filled) {
        if (filled.handle === null && !filled.given) this.#prepare(filled);
      }
      this.#taken = false;
    }
    const given = this.#given;
    for (let i = 0; i < given.length; i++) this.#prepare(given[i] as Filled);
  }

  /** Sets gradients and gives the results, once the program has run. */
  collect(): unknown {
    if (this.#backward !== undefined) this.#left = this.#leave(this.#backward);
    // While gradients are what they were: results may be one of these, or a part of one.
    const made = this.#single === undefined ? this.#all(this.#template) : this.#make(this.#single);
    if (this.#repeated.size > 0) this.#repeated.clear();
    this.#setGrads();
    const given = this.#given;
    for (let i = 0; i < given.length; i++) {
      (given[i] as Filled).storage = null;
      (given[i] as Filled).handle = null;
    }
    return made;
  }

  #prepare(filled: Filled): void {
    filled.handle = this.#device.backend.allocate(filled.length, filled.dtype);
    this.#program.bind(filled.index, filled.handle, 0);
  }

  #all(template: unknown): unknown {
    if (template instanceof Hole) {
      if (!template.isRepeated) return this.#make(template.ref);
      const made = this.#repeated.get(template) ?? this.#make(template.ref);
      this.#repeated.set(template, made);
      return made;
    }
    if (Array.isArray(template)) return template.map((part) => this.#all(part));
    if (typeof template !== "object" || template === null) return template;
    return Object.fromEntries(
      Object.entries(template).map(([key, part]) => [key, this.#all(part)]),
    );
  }

  #make(ref: ResultRef): Tensor {
    switch (ref.kind) {
      case "output": {
        const storage = this.#storage(this.#filled[ref.output] as Filled);
        return this.#withGraph(makeTensor(storage, ref.layout, ref.offset), ref.graph);
      }
      case "argument":
        return this.#sources.leaves[ref.leaf] as Tensor;
      case "same":
        return ref.tensor;
      case "gradient":
        return this.#sources.gradientOf(ref.of);
      case "view": {
        const storage = this.#sources.storageOf(ref.of);
        const start = this.#sources.startOf(ref.of) + ref.offset;
        return this.#withGraph(makeTensor(storage, ref.layout, start), ref.graph);
      }
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
    const sources = derivative.sources.map(({ source }) => this.#sources.storageOf(source));
    return {
      kept: derivative.kept.map(({ output }) => this.#storage(this.#filled[output] as Filled)),
      sources,
      starts: derivative.sources.map(({ source }) => this.#sources.startOf(source)),
      versions: sources.map(({ version }) => version),
      owners: derivative.gradients.map(({ owner }) => this.#sources.tensorOf(owner)),
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
      this.#sources.tensorOf(write.owner).gradient = write.take ?? write.made;
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

function collectOutputs(template: unknown, found: Set<number>): void {
  if (template instanceof Hole) {
    if (template.ref.kind === "output") found.add(template.ref.output);
  } else if (typeof template === "object" && template !== null) {
    for (const part of Object.values(template)) collectOutputs(part, found);
  }
}
