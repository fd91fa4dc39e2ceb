import {
  type Backend,
  Generator,
  IndexError,
  ShapeError,
  type Tensor,
  ValueError,
} from "@chainrule/core";
import type { Collated } from "./collate.js";
import {
  type Column,
  gatherRows,
  type Rows,
  readToHost,
  rowsOf,
  rowTensor,
  toHost,
} from "./host-array.js";

/** Where the tensors of a batch are made. */
export interface BatchOptions {
  readonly backend?: Backend | undefined;
}

/** A known number of examples, each reachable by its index. */
export interface Dataset<T> {
  readonly length: number;
  /** The example at `index`, 0 ≤ index < length; a promise where it must be fetched first. */
  get(index: number): T | Promise<T>;
  /** Optional: a whole batch at once, when that is faster than stacking single examples. */
  getBatch?(indices: Int32Array, options?: BatchOptions): Collated<T>;
}

/** One tensor per column. */
export type TensorRow<C extends readonly Column[]> = { [K in keyof C]: Tensor };

/**
 * Holds columns whose first axes agree: example `i` is row `i` of each.
 *
 * The numbers stay in host memory in the dtype they came in (60,000 uint8 images stay 47 MB), arrays
 * are not copied, and a batch is gathered with one copy per row.
 *
 * Throws: {@link ShapeError} when first axes differ; BackendError for a tensor whose backend cannot be
 * read without waiting (use `await TensorDataset.from(…)`).
 *
 * @example
 * const data = new TensorDataset(tensor([[0, 0], [1, 1]]), Int32Array.of(0, 1));
 * data.length // => 2
 * data.get(1)[0].arraySync() // => [1, 1]
 */
export class TensorDataset<C extends readonly Column[]> implements Dataset<TensorRow<C>> {
  readonly length: number;
  readonly #columns: readonly Rows[];

  constructor(...columns: C) {
    this.#columns = columns.map((column) =>
      rowsOf("TensorDataset", toHost("TensorDataset", column)),
    );
    this.length = commonLength(this.#columns);
  }

  /** Reads tensors on any backend, those that cannot be read without waiting included. */
  static async from<C extends readonly Column[]>(...columns: C): Promise<TensorDataset<C>> {
    const read = columns.map((column) => readToHost("TensorDataset", column));
    const arrays: readonly Column[] = await Promise.all(read);
    // The arrays stand in for the tensors they were read from, column by column.
    return new TensorDataset(...(arrays as C));
  }

  /**
   * Returns row `index` of each column, on the default backend.
   *
   * Throws: {@link IndexError} when `index` is not an integer in 0 … length - 1.
   */
  get(index: number): TensorRow<C> {
    checkIndex("TensorDataset.get", index, this.length);
    return this.#columns.map((rows) => rowTensor(rows, index)) as TensorRow<C>;
  }

  /** Returns the rows at `indices`, stacked: one tensor [indices.length, …] per column. */
  getBatch(indices: Int32Array, options: BatchOptions = {}): Collated<TensorRow<C>> {
    for (const index of indices) checkIndex("TensorDataset.getBatch", index, this.length);
    const batch: unknown = this.#columns.map((rows) => gatherRows(rows, indices, options.backend));
    return batch as Collated<TensorRow<C>>;
  }
}

/**
 * Views the examples of `dataset` at `indices`, in that order; an index may come twice.
 *
 * Throws: {@link IndexError} when an index is not an integer inside `dataset`.
 *
 * @example
 * subset(new TensorDataset(Int32Array.of(5, 6, 7)), [2, 0]).length // => 2
 */
export function subset<T>(dataset: Dataset<T>, indices: ArrayLike<number>): Dataset<T> {
  for (let i = 0; i < indices.length; i++)
    checkIndex("subset", indices[i] ?? Number.NaN, dataset.length);
  const chosen = Int32Array.from(indices);
  const at = (index: number): number => {
    checkIndex("subset", index, chosen.length);
    return chosen[index] ?? 0;
  };
  const { getBatch } = dataset;
  return {
    length: chosen.length,
    get: (index) => dataset.get(at(index)),
    ...(getBatch && {
      getBatch: (rows: Int32Array, options?: BatchOptions) =>
        getBatch.call(dataset, rows.map(at), options),
    }),
  };
}

/**
 * Splits `dataset` at random into disjoint parts that together hold every example once.
 *
 * Units and ranges: `sizes` are whole numbers of examples that add up to `dataset.length`, or fractions
 * that add up to 1 (examples left over by rounding down go to the first parts). The same `seed` gives
 * the same split everywhere.
 * Throws: {@link ValueError} when the sizes add up to neither.
 *
 * @example
 * const parts = randomSplit(new TensorDataset(new Float32Array(10)), [0.8, 0.2], { seed: 1 });
 * parts.map((part) => part.length) // => [8, 2]
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  sizes: readonly number[],
  options: { seed?: number } = {},
): Dataset<T>[] {
  const counts = partSizes(dataset.length, sizes);
  const order = new Generator(options.seed ?? 0).permutation(dataset.length);
  let start = 0;
  return counts.map((count) => {
    start += count;
    return subset(dataset, order.subarray(start - count, start));
  });
}

function partSizes(length: number, sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.every((size) => Number.isInteger(size) && size >= 0) && total === length)
    return [...sizes];
  if (!sizes.every((size) => size >= 0) || Math.abs(total - 1) > 1e-9) {
    throw new ValueError("randomSplit", "the sizes must account for every example", {
      expected: `counts that add up to ${length}, or fractions that add up to 1`,
      got: `[${sizes.join(", ")}], which add up to ${total}`,
    });
  }
  const counts = sizes.map((size) => Math.floor(size * length + 1e-9));
  const left = length - counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, i) => (i < left ? count + 1 : count));
}

function commonLength(columns: readonly Rows[]): number {
  const lengths = columns.map((rows) => rows.count);
  const [length] = lengths;
  if (length === undefined || lengths.some((other) => other !== length)) {
    throw new ShapeError("TensorDataset", "columns must share their first axis", {
      expected: "one or more columns with the same number of rows",
      got: lengths.length === 0 ? "no column" : `${lengths.join(", ")} rows`,
    });
  }
  return length;
}

function checkIndex(op: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new IndexError(op, "the index must be inside the dataset", {
    expected:
      length === 0 ? "no index: the dataset is empty" : `a whole number from 0 to ${length - 1}`,
    got: String(index),
  });
}
