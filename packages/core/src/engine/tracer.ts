// Who records a function instead of letting it run: see `compile`. While nobody does, the engine only
// compares `tracer`.

import type { DType, TypedArray } from "@chainrule/kernel";
import type { Tensor } from "../tensor/tensor.js";
import type { Device } from "./device.js";
import type { Storage } from "./storage.js";

/** What the engine tells a recording, mostly before it happens. */
export interface Tracer {
  /** The buffer of `storage` is about to be shared or replaced. */
  touch(storage: Storage): void;
  /** `tensor` was made. */
  born(tensor: Tensor): void;
  /** `tensor.grad` is about to be read, or written. */
  grad(tensor: Tensor, writes: boolean): void;
  /** A tensor of what `draw` returns, which is asked again in each run. */
  drawn(device: Device, draw: () => TypedArray, dtype: DType, shape: readonly number[]): Tensor;
  /** `run` is the body of a method of `part`, whose properties it may read. */
  within<T>(part: object, method: string, run: () => T): T;
  /** What it records depends on property `key` of `part`, which is `value`. */
  note(part: object, key: string, value: unknown): void;
  /** Says that `what` cannot be recorded. */
  refuse(what: string): never;
  /** `run` happens once, now, and is no part of the recording. */
  pause<T>(run: () => T): T;
}

/** The recording that is being made. */
export let tracer: Tracer | undefined;

/**
 * Grows whenever a storage changes its buffer, its owners or its device, or a tensor its `grad` or
 * `requiresGrad`, or is disposed: while it stands still, what a compiled function has bound holds.
 */
export let changes = 0;

export function noteChange(): void {
  changes += 1;
}

export function setTracer(next: Tracer | undefined): void {
  tracer = next;
}
