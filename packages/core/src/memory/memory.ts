// Counts what is alive. Off by default: registering every storage with the collector costs more
// than a small operation.

import { bytesPerElement, type DType } from "@chainrule/kernel";

/** What is alive, as far as it is tracked. */
export interface MemoryReport {
  /** Whether tracking is on; the counts are of storages made since it was switched on. */
  readonly tracking: boolean;
  /** Live storages: distinct arrays, however many tensors see them. */
  readonly storages: number;
  /** Bytes of the live storages. */
  readonly bytes: number;
}

interface Entry {
  readonly size: number;
  /** Which tracking counted it: late reports about an earlier one are ignored. */
  readonly round: number;
}

// Made once and kept: V8 stops reporting to all registries when one with reports due is dropped.
let registry: FinalizationRegistry<Entry> | undefined;
let tracking = false;
let round = 0;
let live = new WeakMap<object, Entry>();
let storages = 0;
let bytes = 0;

/**
 * Switches the counting of live storages on or off; both start from zero.
 *
 * @example
 * trackMemory(true);
 * const x = zeros([4]);
 * memory().bytes // => 16
 */
export function trackMemory(on: boolean): void {
  storages = 0;
  bytes = 0;
  live = new WeakMap();
  round += 1;
  tracking = on;
  if (on) registry ??= new FinalizationRegistry(forget);
}

/**
 * The storages alive now. JavaScript reports collected ones between macrotasks only, so the counts
 * are exact after `dispose()` and otherwise settle once the program has yielded, e.g. after
 * `await new Promise((resolve) => setTimeout(resolve))`.
 */
export function memory(): MemoryReport {
  return { tracking, storages, bytes };
}

/** Counts `storage` while tracking is on. */
export function trackStorage(storage: { readonly dtype: DType; readonly length: number }): void {
  if (!tracking) return;
  const size = storage.length * bytesPerElement(storage.dtype);
  const entry = { size, round };
  registry?.register(storage, entry, storage);
  live.set(storage, entry);
  storages += 1;
  bytes += size;
}

/** Takes a storage that was given back early off the count. */
export function untrackStorage(storage: object): void {
  const entry = live.get(storage);
  if (entry === undefined) return;
  live.delete(storage);
  registry?.unregister(storage);
  forget(entry);
}

function forget(entry: Entry): void {
  if (entry.round !== round) return;
  storages -= 1;
  bytes -= entry.size;
}
