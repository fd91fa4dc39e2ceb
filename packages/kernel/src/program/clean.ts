// Removes calls that need not run: those that repeat another, that only copy, or that nobody needs.

import type { Kernel } from "../kernel.js";
import { kernelKey } from "../key.js";
import { isInStep, normalizeCall, viewKey, viewOf } from "./normalize.js";
import { usesOf } from "./order.js";
import type { KernelCall, Program, ProgramCall, View } from "./program.js";

/** Equal kernels on equal views run once, and equal constants are one. */
export function shareCalls(program: Program): Program {
  const { buffers } = program;
  const { writers } = usesOf(program);
  const renamed = new Map<number, number>();
  const known = new Map<string, readonly number[]>();
  const isKnown = (key: string, made: readonly number[]): boolean => {
    const before = known.get(key);
    if (before === undefined) known.set(key, made);
    for (const [i, buffer] of made.entries()) {
      const same = before?.[i];
      if (same !== undefined) renamed.set(buffer, same);
    }
    return before !== undefined;
  };
  for (const [buffer, { role, dtype, data }] of buffers.entries())
    if (role === "constant" && data !== undefined) isKnown(`${dtype} ${textOf(data)}`, [buffer]);

  const rename = (buffer: number): number => renamed.get(buffer) ?? buffer;
  const calls = program.calls.flatMap((before): ProgramCall[] => {
    const call = withViews(before, (view) => ({ ...view, buffer: rename(view.buffer) }));
    const made = call.outputs.map((view) => view.buffer);
    const isSingle = made.every(
      (buffer) => writers[buffer]?.length === 1 && buffers[buffer]?.role === "temporary",
    );
    if (call.kind === "own" || !isSingle) return [call];
    const outputs = call.outputs.map((view) => [
      viewKey({ ...view, buffer: 0 }),
      buffers[view.buffer]?.length,
    ]);
    const key = [kernelKey(call.kernel), call.inputs.map(viewKey), outputs].join(" ");
    return isKnown(key, made) ? [] : [call];
  });
  const results = program.results.map(({ target, value }) => ({ target, value: rename(value) }));
  return { ...program, calls, results };
}

/** The numbers of an array, the sign of zeros included. */
function textOf(data: ArrayLike<number>): string {
  return Array.from(data, (value) => (Object.is(value, -0) ? "-0" : value)).join();
}

/** `call` with other views of its inputs, in normal form. */
function withViews(call: ProgramCall, change: (view: View) => View): ProgramCall {
  const inputs = call.inputs.map(change);
  const isChanged = inputs.some((view, i) => {
    const before = call.inputs[i];
    return before === undefined || viewKey(view) !== viewKey(before);
  });
  if (!isChanged) return call;
  return call.kind === "own" ? { ...call, inputs } : normalizeCall({ ...call, inputs });
}

/** What reads a copy whose elements are in the order of the original reads the original. */
export function readOriginals(program: Program): Program {
  const { writers } = usesOf(program);
  const originals = new Map<number, { readonly buffer: number; readonly shift: number }>();
  const original = (view: View): View => {
    const found = originals.get(view.buffer);
    return found === undefined
      ? view
      : { ...view, buffer: found.buffer, offset: view.offset + found.shift };
  };
  const calls = program.calls.map((before) => {
    const call = withViews(before, original);
    const [written] = call.outputs;
    if (call.kind === "own" || written === undefined || writers[written.buffer]?.length !== 1)
      return call;
    const read = copiedFrom(call, written);
    if (read !== undefined && program.buffers[written.buffer]?.role === "temporary")
      originals.set(written.buffer, { buffer: read.buffer, shift: read.offset - written.offset });
    return call;
  });
  return { ...program, calls };
}

/** The view that `call` copies to one like it. */
function copiedFrom(call: KernelCall, written: View): View | undefined {
  const { kernel } = call;
  const [{ value } = {}] = kernel.outputs;
  const isCopy = kernel.outputs.length === 1 && value?.kind === "load";
  return isCopy && isInStep(call, value, written) ? viewOf(call, value) : undefined;
}

/** Only calls, and of those only outputs, whose elements come to be in a result. */
export function withoutDeadCalls(program: Program): Program {
  const live = new Set(program.results.map((result) => result.value));
  for (const [buffer, { role }] of program.buffers.entries())
    if (role === "state" || role === "output") live.add(buffer);
  const calls: ProgramCall[] = [];
  for (const call of program.calls.toReversed()) {
    const isLive = call.outputs.map((view) => live.has(view.buffer));
    if (!isLive.includes(true)) continue;
    const needed =
      call.kind === "own" || !isLive.includes(false) ? call : withOutputs(call, isLive);
    for (const view of needed.inputs) live.add(view.buffer);
    calls.unshift(needed);
  }
  return { ...program, calls };
}

function withOutputs(call: KernelCall, isKept: readonly boolean[]): KernelCall {
  const kernel: Kernel = {
    ...call.kernel,
    outputs: call.kernel.outputs.filter((_, o) => isKept[o]),
  };
  return normalizeCall({ ...call, kernel, outputs: call.outputs.filter((_, o) => isKept[o]) });
}
