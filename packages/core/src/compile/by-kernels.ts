// The way every backend runs a program: its kernels one by one, on buffers that are made once.

import {
  type BufferHandle,
  type CompiledKernel,
  type CompiledProgram,
  kernelKey,
  type Layout,
  type Operand,
  type Program,
  type ProgramCall,
  planMemory,
  type View,
} from "@chainrule/kernel";
import type { Device } from "../engine/device.js";

/** An operand whose buffer can be exchanged. */
export interface Slot extends Operand {
  buffer: BufferHandle;
  offset: number;
  readonly layout: Layout;
  /** Where it starts in the buffer of the program. */
  readonly start: number;
}

/** The operands of calls, by the buffer of the program they see. */
export class Operands {
  readonly #byBuffer = new Map<number, Slot[]>();
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  of(views: readonly View[]): Slot[] {
    return views.map(({ buffer, layout, offset }) => {
      const { dtype = "float32" } = this.#program.buffers[buffer] ?? {};
      const slot: Slot = { buffer: nothing, layout, offset, start: offset, dtype };
      const known = this.#byBuffer.get(buffer);
      if (known === undefined) this.#byBuffer.set(buffer, [slot]);
      else known.push(slot);
      return slot;
    });
  }

  bind(index: number, buffer: BufferHandle, offset: number): void {
    for (const slot of this.#byBuffer.get(index) ?? []) {
      slot.buffer = buffer;
      slot.offset = slot.start + offset;
    }
  }
}

const nothing: BufferHandle = {};
const noScalars: readonly number[] = [];

/** Compiles `program` to runs of its kernels on `device`. */
export function byKernels(device: Device, program: Program): CompiledProgram {
  const { backend } = device;
  const operands = new Operands(program);
  // Sizes are part of these kernels, so that they go with the program.
  const kernels = new Map<string, CompiledKernel>();
  const runs = program.calls.map((call) => runOf(device, call, operands, kernels));
  const memory = planMemory(program);
  const held = memory.slots.map(({ length, dtype }) => backend.allocate(length, dtype));
  for (const [index, slot] of memory.slotOf) operands.bind(index, held[slot] ?? nothing, 0);
  for (const [index, { role, data, dtype }] of program.buffers.entries()) {
    if (role !== "constant" || data === undefined) continue;
    const handle = backend.upload(data, dtype);
    held.push(handle);
    operands.bind(index, handle, 0);
  }
  return {
    bind: (index, buffer, offset) => operands.bind(index, buffer, offset),
    run: () => {
      for (let i = 0; i < runs.length; i++) (runs[i] as () => void)();
    },
    dispose: () => {
      for (const handle of held) backend.free(handle);
    },
  };
}

/** One call of a program on operands that may be bound later; `kernels` has those compiled so far. */
export function runOf(
  { backend }: Device,
  call: ProgramCall,
  operands: Operands,
  kernels: Map<string, CompiledKernel>,
): () => void {
  const inputs = operands.of(call.inputs);
  const outputs = operands.of(call.outputs);
  if (call.kind === "own") return () => call.run(inputs, outputs);
  const key = kernelKey(call.kernel);
  const compiled = kernels.get(key) ?? backend.compileKernel(call.kernel);
  kernels.set(key, compiled);
  return () => compiled.run(inputs, noScalars, outputs);
}
