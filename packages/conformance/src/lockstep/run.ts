// What a run of the user's function consists of: arrays that are uploaded and operations, each with
// what it reads and where it happens.

import type { Attrs, Backend, Input, Primitive, Tensor } from "@chainrule/core";
import { formatShape } from "@chainrule/core";
import type { Observer } from "@chainrule/core/observe";
import type { DType, TypedArray } from "@chainrule/kernel";
import type { ArrayView, Place } from "./difference.js";
import type { Late } from "./late.js";
import { Scopes } from "./scopes.js";

type Storage = Tensor["storage"];

/** An array in memory and what wrote it. */
export interface Written {
  readonly by: ArrayView["from"];
  /** Its elements, once somebody wants to know them later. */
  data?: Late<TypedArray>;
}

export interface Step extends Place {
  /** What must be the same on both backends. */
  readonly text: string;
  readonly written: Written;
}

/** An array that no operation made. */
export interface Upload extends Step {
  readonly storage: Storage;
  readonly shape: readonly number[];
  /** What was given to the backend; undefined when only the backend has it. Valid during the call. */
  readonly given: TypedArray | undefined;
}

/** An operation that has run. */
export interface Operation extends Step {
  readonly primitive: Primitive;
  readonly attrs: Attrs;
  readonly inputs: readonly Input[];
  readonly output: Tensor;
  /** For each operand what wrote it; undefined for a number. */
  readonly sources: readonly (Written | undefined)[];
  readonly isView: boolean;
}

/** Numbers what happens on one backend, and follows every array to where it came from. */
export abstract class Run implements Observer {
  readonly scopes: Scopes = new Scopes();
  readonly #backend: Backend;
  readonly #seedsOnHost: boolean;
  readonly #storages = new WeakMap<
    Storage,
    { readonly version: number; readonly written: Written }
  >();
  readonly #buffers = new WeakMap<object, Written>();
  #steps = 0;
  #operations = 0;

  /** `seedsOnHost`: random bits count as uploaded, as backends without exact int32 get them. */
  constructor(backend: Backend, seedsOnHost: boolean) {
    this.#backend = backend;
    this.#seedsOnHost = seedsOnHost;
  }

  /** How many operations and uploads there were. */
  protected get stepCount(): number {
    return this.#steps;
  }

  /** How many operations there were. */
  get operations(): number {
    return this.#operations;
  }

  protected abstract onUpload(upload: Upload): void;
  protected abstract onOperation(operation: Operation): void;

  operation(op: Primitive, inputs: readonly Input[], attrs: Attrs, output: Tensor): void {
    if (output.backend !== this.#backend) return;
    if (this.#seedsOnHost && op.name === "randomBits") return;
    if (this.#seedsOnHost && op.name === "bitsToUniform") {
      this.#upload(output.storage, output.shape, undefined);
      return;
    }
    const sources = inputs.map((input) =>
      typeof input === "number" ? undefined : this.#sourceOf(input.storage),
    );
    const isView = inputs.some(
      (input) => typeof input === "object" && input.storage === output.storage,
    );
    const step = this.#step(op.name, describe(op.name, inputs, sources, attrs, output, isView));
    this.#operations += 1;
    if (!isView) this.#note(output.storage, step.written);
    this.scopes.record(op.name, output.node);
    this.onOperation({ ...step, primitive: op, attrs, inputs, output, sources, isView });
  }

  upload(x: Tensor, data: TypedArray): void {
    if (x.backend !== this.#backend) return;
    // Perhaps the four words that random bits are made of; if not, it counts once it is read.
    if (this.#seedsOnHost && x.dtype === "int32" && x.size === 4) return;
    this.#upload(x.storage, x.shape, data);
  }

  derivative(node: Tensor["node"]): void {
    this.scopes.derive(node);
  }

  made(part: object, method: string): void {
    this.scopes.follow(part, method);
  }

  #upload(storage: Storage, shape: readonly number[], given: TypedArray | undefined): Written {
    const step = this.#step("upload", `upload of ${typed(storage.dtype, shape)}`);
    this.#note(storage, step.written);
    this.onUpload({ ...step, storage, shape, given });
    return step.written;
  }

  #step(op: string, text: string): Step {
    const index = this.#steps++;
    return { index, op, ...this.scopes.here(), text, written: { by: { index, op } } };
  }

  #note(storage: Storage, written: Written): void {
    this.#storages.set(storage, { version: storage.version, written });
    this.#buffers.set(storage.handle, written);
  }

  /** What wrote the elements of `storage`; what is older than this run counts as uploaded now. */
  #sourceOf(storage: Storage): Written {
    const own = this.#storages.get(storage);
    if (own?.version === storage.version) return own.written;
    // After an assignment, or in a gradient that two tensors share: the buffer of another storage.
    const shared = this.#buffers.get(storage.handle);
    if (shared === undefined) return this.#upload(storage, [storage.length], undefined);
    this.#storages.set(storage, { version: storage.version, written: shared });
    return shared;
  }
}

/** An operation, its operands by what wrote them, and all that decides what it computes. */
function describe(
  name: string,
  inputs: readonly Input[],
  sources: readonly (Written | undefined)[],
  attrs: Attrs,
  output: Tensor,
  isView: boolean,
): string {
  const operands = inputs.map((input, i) =>
    typeof input === "number"
      ? "a number"
      : `${typed(input.dtype, input.shape)} of ${sources[i]?.by.index}`,
  );
  // Of a view its layout says it all; its key may be the number of a layout.
  const how = isView
    ? `view with strides [${output.strides.join(", ")}] from ${output.offset}`
    : `attributes ${attrs.key}`;
  return `${name}(${operands.join(", ")}) -> ${typed(output.dtype, output.shape)}, ${how}`;
}

function typed(dtype: DType, shape: readonly number[]): string {
  return `${dtype}${formatShape(shape)}`;
}
