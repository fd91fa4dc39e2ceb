// Counts what is alive. Off by default: registering every storage with the collector costs more
// than a small operation.

/** What is alive, as far as it is tracked. */
export interface MemoryReport {
  /** Whether tracking is on; the counts are of storages made since it was switched on. */
  readonly tracking: boolean;
  /** Live storages: distinct arrays, however many tensors see them. */
  readonly storages: number;
  /** Bytes of the live storages. */
  readonly bytes: number;
}

let registry: FinalizationRegistry<number> | undefined;
let live = new WeakMap<object, number>();
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
  registry = on ? countingRegistry() : undefined;
}

/** A registry whose late reports, after tracking was started anew, are not counted. */
function countingRegistry(): FinalizationRegistry<number> {
  const own: FinalizationRegistry<number> = new FinalizationRegistry((size) => {
    if (registry === own) forget(size);
  });
  return own;
}

/**
 * The storages alive now. JavaScript reports collected ones between macrotasks only, so the counts
 * are exact after `dispose()` and otherwise settle once the program has yielded, e.g. after
 * `await new Promise((resolve) => setTimeout(resolve))`.
 */
export function memory(): MemoryReport {
  return { tracking: registry !== undefined, storages, bytes };
}

/** Counts `storage` while tracking is on. */
export function trackStorage(storage: object, size: number): void {
  if (registry === undefined) return;
  registry.register(storage, size, storage);
  live.set(storage, size);
  storages += 1;
  bytes += size;
}

/** Takes a storage that was given back early off the count. */
export function untrackStorage(storage: object): void {
  const size = live.get(storage);
  if (size === undefined) return;
  live.delete(storage);
  registry?.unregister(storage);
  forget(size);
}

function forget(size: number): void {
  storages -= 1;
  bytes -= size;
}
