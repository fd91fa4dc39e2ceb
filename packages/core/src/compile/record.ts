// Records a function: its program, where the buffers of the program come from at each call, and what
// becomes of what it computes.

import type { DType, Layout, Program } from "@chainrule/kernel";
import type { Device } from "../engine/device.js";
import type { Storage } from "../engine/storage.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Derivative, recordDerivative } from "./derivative.js";
import { asyncError, effectError, leakError, outsideGraphError, resultError } from "./errors.js";
import { isPlainObject, isTensor, mapTensors } from "./signature.js";
import { type Draw, Trace } from "./trace.js";
import type { Watch } from "./watch.js";

/** A buffer of the program that is the storage of something outside. */
export interface Binding {
  readonly index: number;
  readonly source: Source;
  /** Whether the program writes to it. */
  readonly written: boolean;
}

/** An argument, by its place among the tensors; a storage; or what the gradient of a tensor is. */
export type Source =
  | { readonly kind: "argument"; readonly leaf: number }
  | { readonly kind: "storage"; readonly storage: Storage; readonly label: string }
  | { readonly kind: "gradient"; readonly of: Owner };

/** A tensor from outside: one that was captured, or an argument. */
export type Owner = Tensor | number;

/** A buffer that the program fills for the caller. */
export interface OutputBuffer {
  readonly index: number;
  readonly dtype: DType;
  readonly length: number;
}

/**
 * What stands for a tensor among the results; `graph` is its number among those that gradients may
 * flow through, undefined for others.
 */
export type ResultRef =
  | {
      readonly kind: "output";
      readonly output: number;
      readonly layout: Layout;
      readonly offset: number;
      readonly graph?: number | undefined;
    }
  | { readonly kind: "argument"; readonly leaf: number }
  | { readonly kind: "same"; readonly tensor: Tensor }
  /** The gradient that the owner had before the call. */
  | { readonly kind: "gradient"; readonly of: Owner }
  | {
      readonly kind: "view";
      readonly of: Source;
      readonly layout: Layout;
      readonly offset: number;
      readonly graph?: number | undefined;
    };

/** A {@link ResultRef} within the structure of the results. */
export class Hole {
  readonly ref: ResultRef;
  /** Whether the tensor is in several places. */
  isRepeated = false;

  constructor(ref: ResultRef) {
    this.ref = ref;
  }
}

/** What a call does to the `grad` of a tensor. */
export interface SlotPlan {
  readonly owner: Owner;
  /** If the function reads it: what it was, null for nothing; undefined if not. */
  readonly before: Layout | null | undefined;
  /** What it is afterwards; null for nothing, undefined if it stays. */
  readonly after: ResultRef | null | undefined;
}

/** All that calls need to know of a recorded function. */
export interface Recording {
  readonly device: Device;
  /** The tensors among the arguments, for people. */
  readonly takes: readonly string[];
  readonly program: Program;
  readonly bindings: readonly Binding[];
  readonly outputs: readonly OutputBuffer[];
  readonly draws: readonly Draw[];
  readonly slots: readonly SlotPlan[];
  /** The results, with a {@link Hole} for every tensor. */
  readonly results: unknown;
  /** The backward pass from results outside; undefined where none needs it. */
  readonly derivative: Derivative | undefined;
  readonly watch: Watch;
  /** Captured leaves, and whether each required a gradient. */
  readonly leaves: ReadonlyMap<Tensor, boolean>;
  /** Captured tensors that are no known state, with the line that used each first. */
  readonly surprises: readonly string[];
}

/**
 * Records `fn`, called with stand-ins for the tensors in `args`, on `device`.
 *
 * Throws: {@link CompileError} for what cannot be recorded; everything is as before then.
 */
export function record(
  device: Device,
  name: string,
  fn: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): Recording {
  const trace = new Trace(device);
  return trace.run(() => {
    const given: Tensor[] = [];
    const standIns: Tensor[] = [];
    const inside = mapTensors(args, (x) => {
      const standIn = trace.argument(x, `argument ${given.length}`);
      given.push(x);
      standIns.push(standIn);
      return standIn;
    }) as readonly unknown[];
    const results = fn(...inside);
    if (isThenable(results)) {
      results.then(undefined, () => {});
      throw asyncError();
    }
    ensureArguments(args, inside, standIns.values());
    for (const [i, x] of standIns.entries()) {
      if (x.disposed) throw effectError(`dispose() of argument ${i}`);
      if (x.requiresGrad !== given[i]?.requiresGrad)
        throw effectError(`requiresGrad of argument ${i} that is set`);
    }
    for (const x of trace.leaves.keys()) {
      if (x.disposed) throw effectError(`dispose() of ${trace.labelOf(x.storage)}`);
    }
    return new Finish(trace, name, given, standIns).recording(results);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Throws: CompileError for a result that tensors could hide in, such as a Map or a generator. */
function ensureResults(value: unknown): void {
  if (value instanceof Hole) return;
  if (Array.isArray(value)) for (const part of value) ensureResults(part);
  else if (isPlainObject(value)) for (const part of Object.values(value)) ensureResults(part);
  else if (typeof value === "function") throw resultError("function");
  else if (typeof value === "object" && value !== null) throw resultError(kindOf(value));
}

function kindOf(value: object): string {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return kind === "Object" ? value.constructor.name : kind;
}

/** Throws: CompileError where the function has changed the copies of arrays and objects it was given. */
function ensureArguments(given: unknown, inside: unknown, standIns: Iterator<Tensor>): void {
  const isSame = (): boolean => {
    if (isTensor(given)) return inside === standIns.next().value;
    if (!Array.isArray(given) && !isPlainObject(given)) return Object.is(given, inside);
    if (typeof inside !== "object" || inside === null) return false;
    return Object.keys(given).join() === Object.keys(inside).join();
  };
  if (!isSame()) throw effectError("a change of an array or object among the arguments");
  if (isTensor(given) || (!Array.isArray(given) && !isPlainObject(given))) return;
  const parts = Object.values(inside as object);
  for (const [i, part] of Object.values(given).entries()) ensureArguments(part, parts[i], standIns);
}

/** Sums a recording up while it still stands. */
class Finish {
  readonly #trace: Trace;
  readonly #name: string;
  readonly #given: readonly Tensor[];
  readonly #standIns: readonly Tensor[];
  readonly #outputs = new Map<Storage, number>();
  readonly #outputBuffers: OutputBuffer[] = [];

  constructor(trace: Trace, name: string, given: readonly Tensor[], standIns: readonly Tensor[]) {
    this.#trace = trace;
    this.#name = name;
    this.#given = given;
    this.#standIns = standIns;
  }

  recording(returned: unknown): Recording {
    const trace = this.#trace;
    trace.watch.end((value, property) => {
      if (isTensor(value) && trace.isOwn(value.storage)) throw leakError(property);
    });
    const alive: Tensor[] = [];
    const holes = new Map<Tensor, Hole>();
    const results = mapTensors(returned, (x) => {
      const known = holes.get(x);
      if (known !== undefined) {
        known.isRepeated = true;
        return known;
      }
      const ref = this.#refOf(x);
      const isMade = ref.kind === "output" || ref.kind === "view";
      if (isMade && x.node === null && x.requiresGrad)
        throw resultError("new leaf that requires a gradient");
      const graph = x.node !== null && isMade ? { graph: alive.push(x) - 1 } : {};
      const hole = new Hole({ ...ref, ...graph });
      holes.set(x, hole);
      return hole;
    });
    ensureResults(results);
    const slots = this.#slots();
    const derivative = alive.length === 0 ? undefined : this.#derivative(alive);
    const bindings = [...trace.entries.values()].map(({ storage, index }): Binding => {
      const value = trace.valueOf(storage);
      const written = value !== index;
      if (written) {
        trace.results.push({ target: index, value });
        trace.setRole(index, "state");
      }
      return { index, source: this.#sourceOf(storage), written };
    });
    const { device, buffers, calls, draws, watch, leaves } = trace;
    return {
      device,
      takes: this.#given.map(({ dtype, shape }) => `${dtype}[${shape.join(", ")}]`),
      program: { name: this.#name, buffers, calls, results: trace.results },
      bindings,
      outputs: this.#outputBuffers,
      draws,
      slots,
      results,
      derivative,
      watch,
      leaves,
      surprises: this.#surprises(),
    };
  }

  #slots(): SlotPlan[] {
    const trace = this.#trace;
    const plans: SlotPlan[] = [];
    for (const { tensor, before, read, written } of trace.slots.values()) {
      const leaf = this.#standIns.indexOf(tensor);
      if (leaf >= 0 && this.#given[leaf]?.isLeaf === false) throw outsideGraphError();
      const after = tensor.gradient;
      const known = typeof before === "function" ? null : before;
      plans.push({
        owner: leaf >= 0 ? leaf : tensor,
        before: read ? (known?.layout ?? null) : undefined,
        after: !written || typeof after === "function" ? undefined : after && this.#refOf(after),
      });
    }
    return plans;
  }

  #sourceOf(storage: Storage): Source {
    const leaf = this.#standIns.findIndex((x) => x.storage === storage);
    if (leaf >= 0) return { kind: "argument", leaf };
    for (const { tensor, before, read } of this.#trace.slots.values()) {
      if (!read || before === null || typeof before === "function" || before.storage !== storage)
        continue;
      return { kind: "gradient", of: this.#ownerOf(tensor) };
    }
    const label = this.#trace.labelOf(storage);
    return { kind: "storage", storage, label };
  }

  #ownerOf(tensor: Tensor): Owner {
    const leaf = this.#standIns.indexOf(tensor);
    return leaf >= 0 ? leaf : tensor;
  }

  #refOf(x: Tensor): ResultRef {
    const { storage, layout, offset } = x;
    const trace = this.#trace;
    const leaf = this.#standIns.indexOf(x);
    if (leaf >= 0) return { kind: "argument", leaf };
    for (const { tensor, before, read } of trace.slots.values()) {
      if (read && before === x) return { kind: "gradient", of: this.#ownerOf(tensor) };
    }
    if (!trace.isInside(x)) return { kind: "same", tensor: x };
    if (!trace.isOwn(storage)) {
      trace.touch(storage);
      return { kind: "view", of: this.#sourceOf(storage), layout, offset };
    }
    let output = this.#outputs.get(storage);
    if (output === undefined) {
      output = this.#addOutput(trace.valueOf(storage));
      this.#outputs.set(storage, output);
    }
    return { kind: "output", output, layout, offset };
  }

  #addOutput(value: number): number {
    const { dtype = "float32", length = 0 } = this.#trace.buffers[value] ?? {};
    const index = this.#trace.addOutput(dtype, length, value);
    return this.#outputBuffers.push({ index, dtype, length }) - 1;
  }

  #derivative(results: readonly Tensor[]): Derivative | undefined {
    const trace = this.#trace;
    const targets = new Map<Tensor, Owner>();
    for (const [i, x] of this.#standIns.entries()) if (x.requiresGrad) targets.set(x, i);
    for (const [x, required] of trace.leaves) if (required) targets.set(x, x);
    const recorder = {
      trace,
      addOutput: (value: number) => this.#addOutput(value),
      sourceOf: (storage: Storage) => this.#sourceOf(storage),
    };
    return recordDerivative(recorder, this.#name, results, targets);
  }

  #surprises(): string[] {
    const trained = new Set<Storage>();
    for (const [tensor, required] of this.#trace.leaves) if (required) trained.add(tensor.storage);
    for (const { tensor } of this.#trace.slots.values()) trained.add(tensor.storage);
    return [...this.#trace.entries.values()].flatMap(({ storage, captured }) =>
      captured === undefined || this.#trace.watch.labels.has(storage) || trained.has(storage)
        ? []
        : [`${storage.dtype}[${storage.length}] ${captured.line}`.trim()],
    );
  }
}
