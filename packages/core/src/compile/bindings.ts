// The buffers of tensors outside that a program reads and writes.

import { type BufferHandle, type CompiledProgram, type Layout, layout } from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import type { Device } from "../engine/device.js";
import type { Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import { ensureWhole } from "../engine/whole.js";
import { copy } from "../ops/elementwise/copy.js";
import type { Tensor } from "../tensor/tensor.js";
import { aliasError, disposedCaptureError } from "./errors.js";
import type { Binding, Source } from "./record.js";
import type { Sources } from "./sources.js";

interface Bound extends Binding {
  /** Where its elements are in this call. */
  storage: Storage;
  start: number;
  /** What is bound. */
  handle: BufferHandle | null;
  offset: number;
}

/** Keeps a program on the buffers that its tensors have now. */
export class Bindings {
  readonly #sources: Sources;
  readonly #program: CompiledProgram;
  readonly #bound: readonly Bound[];
  readonly #written: readonly Bound[];
  /** Whether other buffers than those bound are to be read or written. */
  stale = true;

  constructor(sources: Sources, program: CompiledProgram, bindings: readonly Binding[]) {
    const none = { storage: noStorage as Storage, start: 0, handle: null, offset: 0 };
    this.#sources = sources;
    this.#program = program;
    this.#bound = bindings.map((binding) => ({ ...binding, ...none }));
    this.#written = this.#bound.filter(({ written }) => written);
  }

  /** Looks where the elements are now; false if some are on another device than `device`. */
  find(device: Device): boolean {
    this.stale = false;
    for (let i = 0; i < this.#bound.length; i++) {
      const bound = this.#bound[i] as Bound;
      const { source } = bound;
      if (source.kind === "storage") bound.storage = source.storage;
      else {
        bound.storage = this.#sources.storageOf(source);
        bound.start = this.#sources.startOf(source);
      }
      const { storage } = bound;
      if (storage.handle === bound.handle && bound.start === bound.offset && storage.viewers > 0) {
        if (!bound.written || storage.owners === null) continue;
      }
      if (storage.device !== device) return false;
      this.stale = true;
    }
    return true;
  }

  /** Binds what was found; `writer` is who writes from now on. */
  bindAll(writer: string): void {
    for (const bound of this.#written) own(bound.storage);
    for (const bound of this.#bound) this.#bind(bound);
    for (const { storage } of this.#written) storage.writer = writer;
    this.stale = false;
  }

  /** Counts that the program has run. */
  countWrites(): void {
    const written = this.#written;
    for (let i = 0; i < written.length; i++) (written[i] as Bound).storage.version += 1;
  }

  #bind(bound: Bound): void {
    const { storage, start, source, written } = bound;
    if (written && source.kind === "argument")
      ensureWhole(this.#sources.leaves[source.leaf] as Tensor);
    if (storage.viewers === 0) throw disposedCaptureError(labelOf(source));
    const { handle } = storage;
    if (handle === bound.handle && start === bound.offset) return;
    for (const other of this.#bound) {
      if (other.storage === storage && other !== bound && (written || other.written))
        throw aliasError(labelOf(source), labelOf(other.source));
    }
    this.#program.bind(bound.index, handle, start);
    bound.handle = handle;
    bound.offset = start;
  }
}

/** Stands in until the first call. */
const noStorage: unknown = { handle: null, viewers: 0 };

/** Makes sure that nobody else sees the buffer of `storage`, which is about to be written. */
function own(storage: Storage): void {
  if (storage.owners === null || storage.owners.count < 2) return;
  const { version, writer } = storage;
  const whole = makeTensor(storage, layout([storage.length]) as Layout, 0);
  const fresh = noGrad(() => copy(whole));
  whole.dispose();
  storage.adopt(fresh.storage, writer);
  fresh.dispose();
  // Its elements are what they were, and nobody else has them.
  storage.version = version;
  storage.owners = null;
}

function labelOf(source: Source): string {
  if (source.kind === "argument") return `argument ${source.leaf}`;
  return source.kind === "storage" ? source.label : "a gradient";
}
