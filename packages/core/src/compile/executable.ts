// A recorded function that is ready to run: checks that it still holds, and runs it. Between two calls
// on the same tensors nothing is done that the program does not need.

import type { BufferHandle, CompiledProgram } from "@chainrule/kernel";
import { isGradEnabled } from "../autograd/grad-mode.js";
import { currentDevice } from "../backend/current.js";
import { disposedError } from "../engine/apply.js";
import type { Device } from "../engine/device.js";
import { changes } from "../engine/tracer.js";
import type { Tensor } from "../tensor/tensor.js";
import { Bindings } from "./bindings.js";
import type { BackwardProgram } from "./derivative.js";
import { aliasError } from "./errors.js";
import type { Recording, SlotPlan } from "./record.js";
import { Results } from "./results.js";
import { isTensor, Signature } from "./signature.js";
import { Sources } from "./sources.js";
import type { Draw } from "./trace.js";

/** One program of a compiled function, for calls that look like the one it was recorded in. */
export class Executable {
  readonly recording: Recording;
  readonly #name: string;
  readonly #device: Device;
  readonly #program: CompiledProgram;
  readonly #backward: BackwardProgram | undefined;
  readonly #sources = new Sources();
  readonly #bindings: Bindings;
  readonly #results: Results;
  readonly #draws: readonly Draw[];
  /** What random numbers are written to. */
  readonly #drawn: readonly BufferHandle[];

  readonly #signature: Signature;
  readonly #gradMode: boolean;
  /** The arguments of the last call, where none is a structure. */
  #flat: readonly unknown[] = [];
  readonly #leavesRequired: readonly boolean[];
  readonly #captured: readonly Tensor[];
  readonly #required: readonly boolean[];
  readonly #slots: readonly SlotPlan[];
  readonly #readsGrads: boolean;
  readonly #hasSlotsOfArguments: boolean;
  readonly #holds: () => boolean;
  /** How many {@link changes} there were when all was last found as it must be; -1 for never. */
  #checked = -1;

  constructor(
    recording: Recording,
    program: CompiledProgram,
    backward: BackwardProgram | undefined,
    args: readonly unknown[],
    name: string,
  ) {
    const { device, bindings, draws, slots, leaves, watch } = recording;
    this.recording = recording;
    this.#name = name;
    this.#device = device;
    this.#program = program;
    this.#backward = backward;
    this.#bindings = new Bindings(this.#sources, program, bindings);
    this.#results = new Results(this.#sources, program, backward, recording);
    this.#draws = draws;
    this.#drawn = draws.map(({ index }) => {
      const { dtype, length } = recording.program.buffers[index] ?? { dtype: "float32", length: 0 };
      const handle = device.backend.allocate(length, dtype);
      program.bind(index, handle, 0);
      return handle;
    });
    this.#signature = new Signature(args);
    this.#gradMode = isGradEnabled();
    this.#signature.fits(args, this.#sources.leaves);
    this.#leavesRequired = this.#sources.leaves.map(({ requiresGrad }) => requiresGrad);
    this.#captured = [...leaves.keys()];
    this.#required = [...leaves.values()];
    this.#slots = slots;
    this.#readsGrads = slots.some(({ before }) => before !== undefined);
    this.#hasSlotsOfArguments = slots.some(({ owner }) => typeof owner === "number");
    this.#holds = watch.holds;
  }

  /** Whether it serves `args`, now. */
  fits(args: readonly unknown[]): boolean {
    const same = sameItems(args, this.#flat);
    if (this.#gradMode !== isGradEnabled() || !this.#holds()) return false;
    if (this.#sources.leaves.length === 0 && currentDevice() !== this.#device) return false;
    if (same && this.#checked === changes) return true;
    this.#checked = -1;
    if (!same && !this.#take(args)) return false;
    if (!this.#leavesHold() || !this.#gradsHold() || !this.#bindings.find(this.#device))
      return false;
    // Gradients that it reads are others in each call.
    if (!this.#readsGrads) this.#checked = changes;
    return true;
  }

  /** Runs it on the arguments it was last asked about. */
  run(): unknown {
    const draws = this.#draws;
    for (let i = 0; i < draws.length; i++) {
      const data = (draws[i] as Draw).draw();
      this.#device.backend.write(this.#drawn[i] as BufferHandle, 0, data);
    }
    if (this.#bindings.stale) this.#bindAll();
    this.#results.prepare();
    this.#program.run();
    this.#bindings.countWrites();
    return this.#results.collect();
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

  #bindAll(): void {
    this.#bindings.bindAll(this.#name);
    if (this.#checked >= 0) this.#checked = changes;
  }

  /** Whether `args` are of the kind it was recorded for; remembers them then. */
  #take(args: readonly unknown[]): boolean {
    this.#flat = [];
    if (!this.#signature.fits(args, this.#sources.leaves)) return false;
    if (args.every((arg) => isTensor(arg) || !isStructure(arg))) this.#flat = args;
    return true;
  }

  #leavesHold(): boolean {
    const { leaves } = this.#sources;
    for (let i = 0; i < leaves.length; i++) {
      const x = leaves[i] as Tensor;
      if (x.requiresGrad !== this.#leavesRequired[i]) return false;
      if (x.disposed) throw disposedError(this.#name);
    }
    const required = this.#required;
    for (let i = 0; i < required.length; i++) {
      if ((this.#captured[i] as Tensor).requiresGrad !== required[i]) return false;
    }
    return true;
  }

  #gradsHold(): boolean {
    const slots = this.#slots;
    if (this.#hasSlotsOfArguments) this.#ensureOneSlotEach();
    for (let i = 0; i < slots.length; i++) {
      const { owner, before } = slots[i] as SlotPlan;
      if (before === undefined) continue;
      const now = this.#sources.tensorOf(owner).grad;
      if (before === null ? now !== null : now?.layout !== before) return false;
    }
    return true;
  }

  /** Of a tensor that is two arguments, or captured too, only one gradient would remain. */
  #ensureOneSlotEach(): void {
    const names = new Map<Tensor, string>();
    for (const { owner } of this.#slots) {
      const name = `the gradient of ${typeof owner === "number" ? `argument ${owner}` : "what is captured"}`;
      const tensor = this.#sources.tensorOf(owner);
      const other = names.get(tensor);
      if (other !== undefined) throw aliasError(name, other);
      names.set(tensor, name);
    }
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length || a.length === 0) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether tensors may be reached through `value`, which may be exchanged without a trace. */
function isStructure(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
