// Which calls must run before which, and orders that keep to it. Before results are placed, a buffer
// is complete before it is read, so that only reading after writing counts.

import type { Program, ProgramCall } from "./program.js";

/** Who writes and who reads each buffer, by place in the list of calls. */
export interface Uses {
  readonly writers: readonly (readonly number[])[];
  readonly readers: readonly (readonly number[])[];
}

export function usesOf({ buffers, calls }: Pick<Program, "buffers" | "calls">): Uses {
  const writers = buffers.map((): number[] => []);
  const readers = buffers.map((): number[] => []);
  for (const [c, { inputs, outputs }] of calls.entries()) {
    for (const buffer of new Set(outputs.map((view) => view.buffer))) writers[buffer]?.push(c);
    for (const buffer of new Set(inputs.map((view) => view.buffer))) readers[buffer]?.push(c);
  }
  return { writers, readers };
}

/** For each call those that must run later because they read, or write again, what it writes. */
export function successorsOf({ writers, readers }: Uses, count: number): Set<number>[] {
  const successors = Array.from({ length: count }, () => new Set<number>());
  for (const [buffer, all] of writers.entries())
    for (const [i, writer] of all.entries()) {
      const next = all[i + 1];
      if (next !== undefined) successors[writer]?.add(next);
      for (const reader of readers[buffer] ?? [])
        if (!all.includes(reader)) successors[writer]?.add(reader);
    }
  return successors;
}

/** The calls in an order that keeps to `successors`, else as they were; none when there is a cycle. */
export function sortCalls(
  calls: readonly ProgramCall[],
  successors: readonly ReadonlySet<number>[],
): readonly ProgramCall[] | undefined {
  const earlier = calls.map((): number[] => []);
  for (const [c, later] of successors.entries()) for (const next of later) earlier[next]?.push(c);
  const order: ProgramCall[] = [];
  const isDone = new Uint8Array(calls.length);
  // Those that wait for the ones above them.
  const isOpen = new Uint8Array(calls.length);
  for (const start of calls.keys()) {
    const stack = [start];
    for (let c = stack.at(-1); c !== undefined; c = stack.at(-1)) {
      const missing = isDone[c] ? [] : (earlier[c]?.filter((b) => !isDone[b]) ?? []);
      if (missing.some((b) => isOpen[b])) return undefined;
      isOpen[c] = 1;
      if (missing.length > 0) {
        stack.push(...missing.sort((a, b) => b - a));
        continue;
      }
      stack.pop();
      if (!isDone[c]) order.push(...calls.slice(c, c + 1));
      isDone[c] = 1;
    }
  }
  return order;
}
