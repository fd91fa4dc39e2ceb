import {
  type Backend,
  defaultGenerator,
  formatValue,
  Generator,
  ValueError,
} from "@chainrule/core";
import { type Collated, collate } from "./collate.js";
import type { BatchOptions, Dataset } from "./dataset.js";
import { prefetched } from "./prefetch.js";

/** How a {@link DataLoader} cuts a dataset into batches. */
export interface DataLoaderOptions<T, B = Collated<T>> {
  /** Examples per batch (default 32). */
  readonly batchSize?: number | undefined;
  /** A new order each epoch (default false). */
  readonly shuffle?: boolean | undefined;
  /** What the orders follow from; without it one is drawn from the default generator. */
  readonly seed?: number | undefined;
  /** Leave out the last batch when it is not full (default false). */
  readonly dropLast?: boolean | undefined;
  /** Batches made ahead in `for await` (default 1). */
  readonly prefetch?: number | undefined;
  /** Where tensors are made (default: the default backend). */
  readonly backend?: Backend | undefined;
  /** Makes a batch from examples (default {@link collate}). */
  readonly collate?: ((items: T[], options: BatchOptions) => B | Promise<B>) | undefined;
}

/**
 * Goes through a dataset in batches, once per loop.
 *
 * `for (const batch of loader)` makes each batch when it is asked for. `for await` prepares batches
 * ahead, waits for examples that are promises, and lets the event loop turn every few batches, so that
 * Ctrl-C, progress bars and pages stay alive.
 *
 * With `shuffle`, the order of epoch `e` follows from `seed` and `e` alone: the same on every machine,
 * and to resume a run it is enough to set `epoch`.
 * Throws: {@link ValueError} for options out of range, and in a plain loop when examples are promises.
 *
 * @example
 * const data = new TensorDataset(Float32Array.of(1, 2, 3), Int32Array.of(0, 1, 0));
 * for (const [x, y] of new DataLoader(data, { batchSize: 2 })) console.log(x.shape, y.shape);
 * // prints [ 2 ] [ 2 ], then [ 1 ] [ 1 ]
 */
export class DataLoader<T, B = Collated<T>> {
  readonly dataset: Dataset<T>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly dropLast: boolean;
  readonly prefetch: number;
  readonly backend: Backend | undefined;
  readonly #collate: DataLoaderOptions<T, B>["collate"];
  #epoch = 0;

  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, B> = {}) {
    const { batchSize = 32, shuffle = false, dropLast = false, prefetch = 1 } = options;
    this.dataset = dataset;
    this.batchSize = wholeNumber("batchSize", batchSize, 1);
    this.shuffle = shuffle;
    this.seed = options.seed ?? (shuffle ? drawSeed() : 0);
    this.dropLast = dropLast;
    this.prefetch = wholeNumber("prefetch", prefetch, 0);
    this.backend = options.backend;
    this.#collate = options.collate;
  }

  /** Batches per epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The number of the epoch that the next loop runs: 0 at first, one more with every loop started. */
  get epoch(): number {
    return this.#epoch;
  }

  set epoch(epoch: number) {
    this.#epoch = wholeNumber("epoch", epoch, 0);
  }

  /** The indices of the dataset in the order of epoch `epoch`. */
  order(epoch: number): Int32Array {
    const { length } = this.dataset;
    if (!this.shuffle) return Int32Array.from({ length }, (_, index) => index);
    // The generator counts: its draw number `epoch` costs nothing and needs no earlier epoch to be run.
    const draws = new Generator(this.seed).bits(wholeNumber("epoch", epoch, 0) + 1);
    return new Generator((draws[epoch] ?? 0) >>> 0).permutation(length);
  }

  [Symbol.iterator](): IterableIterator<B> {
    return this.#loop(this.order(this.#epoch++));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<B> {
    const order = this.order(this.#epoch++);
    return prefetched(this.length, this.prefetch, (index) => this.#batch(order, index));
  }

  *#loop(order: Int32Array): IterableIterator<B> {
    for (let index = 0; index < this.length; index++) {
      const batch = this.#batch(order, index);
      if (isPromise(batch)) {
        batch.catch(() => {}); // its failure, if any, comes second to this one
        throw new ValueError("DataLoader", "a plain loop needs examples at once", {
          expected: "values from dataset.get and collate",
          got: "a promise",
          fix: "Write `for await (const batch of loader)`.",
        });
      }
      yield batch;
    }
  }

  #batch(order: Int32Array, index: number): B | Promise<B> {
    const { dataset, backend } = this;
    const indices = order.subarray(index * this.batchSize, (index + 1) * this.batchSize);
    // Without a `collate` of the caller's own, B is Collated<T>.
    const make = this.#collate ?? (collate as (items: readonly T[], options: BatchOptions) => B);
    if (this.#collate === undefined && dataset.getBatch !== undefined) {
      return dataset.getBatch(indices, { backend }) as B;
    }
    const items = Array.from(indices, (at) => dataset.get(at));
    if (isSettled(items)) return make(items, { backend });
    return Promise.all(items).then((settled) => make(settled, { backend }));
  }
}

function drawSeed(): number {
  return (defaultGenerator().bits(1)[0] ?? 0) >>> 0;
}

function isPromise<V>(value: V | Promise<V>): value is Promise<V> {
  return value instanceof Promise;
}

function isSettled<T>(items: readonly (T | Promise<T>)[]): items is T[] {
  return !items.some(isPromise);
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ValueError("DataLoader", `${name} must be a whole number`, {
    expected: `a whole number ≥ ${least}`,
    got: formatValue(value),
  });
}
