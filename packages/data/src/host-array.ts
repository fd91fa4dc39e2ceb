// Numbers in plain memory, with a shape: what files hold, and what rows are gathered from before a
// batch becomes a tensor. No arithmetic here: that is the business of tensors.

import {
  type Backend,
  type DType,
  formatShape,
  ShapeError,
  Tensor,
  type TypedArray,
  tensor,
} from "@chainrule/core";

/** A typed array with a shape, rows first: `data.length` is the product of `shape`. */
export interface HostArray<A extends TypedArray = TypedArray> {
  readonly data: A;
  readonly shape: readonly number[];
  /** Needed only where the array does not say it: "bool" in a `Uint8Array`. */
  readonly dtype?: DType | undefined;
}

/** What can be read row by row: a tensor, a host array, or a typed array with one number a row. */
export type Column = Tensor | HostArray | TypedArray;

/** A column brought to the host: its numbers, the shape of one row, and how many there are. */
export interface Rows {
  readonly data: TypedArray;
  readonly dtype: DType;
  readonly count: number;
  readonly rowShape: readonly number[];
  readonly rowSize: number;
}

/**
 * Brings a column to the host without waiting; a tensor is copied, arrays are shared.
 *
 * Throws: {@link ShapeError} when data and shape disagree or there is no first axis; BackendError for
 * a tensor whose backend cannot be read without waiting.
 */
export function toHost(op: string, column: Column): HostArray {
  if (column instanceof Tensor) {
    return checked(op, { data: column.dataSync(), shape: column.shape, dtype: column.dtype });
  }
  return checked(op, isTypedArray(column) ? { data: column, shape: [column.length] } : column);
}

/** The same as {@link toHost} for tensors on any backend. */
export async function readToHost(op: string, column: Column): Promise<HostArray> {
  if (!(column instanceof Tensor)) return toHost(op, column);
  return checked(op, { data: await column.data(), shape: column.shape, dtype: column.dtype });
}

function checked(op: string, array: HostArray): HostArray {
  const size = array.shape.reduce((product, extent) => product * extent, 1);
  if (array.data.length !== size) {
    throw new ShapeError(op, "the data must fill the shape", {
      expected: `${size} numbers for shape ${formatShape(array.shape)}`,
      got: String(array.data.length),
    });
  }
  return array;
}

/** Cuts an array along its first axis. */
export function rowsOf(op: string, array: HostArray): Rows {
  const [count, ...rowShape] = array.shape;
  if (count === undefined) {
    throw new ShapeError(op, "data must have a first axis, one row per example", {
      expected: "at least 1 axis",
      got: "shape []",
      fix: "Reshape it, e.g. x.reshape([1]).",
    });
  }
  const rowSize = rowShape.reduce((product, extent) => product * extent, 1);
  return { data: array.data, dtype: array.dtype ?? dtypeOf(array.data), count, rowShape, rowSize };
}

/**
 * Copies the rows at `indices`, in that order, into a new tensor [indices.length, ...rowShape].
 */
export function gatherRows(rows: Rows, indices: Int32Array, backend?: Backend): Tensor {
  const { data, rowSize } = rows;
  const out = emptyLike(data, indices.length * rowSize);
  if (rowSize < 32) {
    // Short rows: a loop; making a view for each costs more than copying it.
    let to = 0;
    for (const index of indices) {
      const from = index * rowSize;
      for (let j = 0; j < rowSize; j++) out[to++] = data[from + j] ?? 0;
    }
  } else {
    indices.forEach((index, i) => {
      out.set(data.subarray(index * rowSize, (index + 1) * rowSize), i * rowSize);
    });
  }
  return tensor(out, { shape: [indices.length, ...rows.rowShape], dtype: rows.dtype, backend });
}

/** The row at `index` as a tensor without the first axis. */
export function rowTensor(rows: Rows, index: number, backend?: Backend): Tensor {
  const from = index * rows.rowSize;
  const row = rows.data.subarray(from, from + rows.rowSize);
  return tensor(row, { shape: rows.rowShape, dtype: rows.dtype, backend });
}

/** Whether `value` is one of the arrays that tensors are made of. */
export function isTypedArray(value: unknown): value is TypedArray {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array ||
    value instanceof Uint16Array
  );
}

/** The dtype a typed array holds. */
export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  return data instanceof Uint16Array ? "float16" : "uint8";
}

/** A zero-filled typed array of the same kind. */
export function emptyLike(data: TypedArray, length: number): TypedArray {
  if (data instanceof Float32Array) return new Float32Array(length);
  if (data instanceof Float64Array) return new Float64Array(length);
  if (data instanceof Int32Array) return new Int32Array(length);
  return data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}
