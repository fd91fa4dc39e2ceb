// Which temporaries share memory.

import type { DType } from "../dtype.js";
import type { Program, ProgramCall } from "./program.js";

/** Memory that holds temporaries one after another. */
export interface Slot {
  readonly dtype: DType;
  /** In elements. */
  readonly length: number;
}

export interface MemoryPlan {
  readonly slots: readonly Slot[];
  /** The slot of each temporary that is written, by the index of its buffer. */
  readonly slotOf: ReadonlyMap<number, number>;
}

/**
 * Gives each temporary a slot from the call that writes it first until the last that uses it. A call
 * never writes to the slot of what it reads, but for outputs that alias their input.
 */
export function planMemory(program: Program): MemoryPlan {
  const { buffers, calls, results } = program;
  const lastUse = new Map<number, number>();
  for (const [c, { inputs, outputs }] of calls.entries())
    for (const { buffer } of [...inputs, ...outputs]) lastUse.set(buffer, c);
  for (const { value } of results) lastUse.set(value, calls.length);

  const slots: Slot[] = [];
  const slotOf = new Map<number, number>();
  const free = new Set<number>();
  /** The free slot that wastes least; one that is too small grows. */
  const bestSlot = (dtype: DType, length: number): number => {
    let best: number | undefined;
    const waste = (slot: number): number => {
      const spare = (slots[slot]?.length ?? 0) - length;
      return spare >= 0 ? spare : -spare + 2 ** 40; // any that fits goes before any that does not
    };
    for (const slot of free)
      if (slots[slot]?.dtype === dtype && (best === undefined || waste(slot) < waste(best)))
        best = slot;
    if (best === undefined) return slots.push({ dtype, length }) - 1;
    slots[best] = { dtype, length: Math.max(length, slots[best]?.length ?? 0) };
    free.delete(best);
    return best;
  };

  for (const [c, call] of calls.entries()) {
    for (const [o, { buffer }] of call.outputs.entries()) {
      const { role, dtype, length } = buffers[buffer] ?? {};
      if (role !== "temporary" || dtype === undefined || length === undefined) continue;
      if (slotOf.has(buffer)) continue;
      const over = aliased(call, o);
      const isFree =
        over !== undefined && lastUse.get(over) === c && buffers[over]?.length === length;
      const slot = isFree ? slotOf.get(over) : undefined;
      slotOf.set(buffer, slot ?? bestSlot(dtype, length));
    }
    const used = [...call.inputs, ...call.outputs].map((view) => view.buffer);
    const isOver = (buffer: number): boolean => lastUse.get(buffer) === c;
    const stays = new Set(used.flatMap((b) => (isOver(b) ? [] : (slotOf.get(b) ?? []))));
    for (const buffer of used) {
      const slot = slotOf.get(buffer);
      if (slot !== undefined && isOver(buffer) && !stays.has(slot)) free.add(slot);
    }
  }
  return { slots, slotOf };
}

/** The buffer that output `o` of `call` overwrites. */
function aliased(call: ProgramCall, o: number): number | undefined {
  if (call.kind === "own") return undefined;
  const input = call.kernel.outputs[o]?.aliases;
  return input === undefined ? undefined : call.inputs[input]?.buffer;
}
