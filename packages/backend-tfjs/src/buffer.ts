// Memory: a handle is a box with a flat tensor in it. TensorFlow.js never changes a tensor, so a
// write puts a new one into the box; what is copied shares its data.

import { BackendError, InternalError } from "@chainrule/core";
import {
  type BufferHandle,
  bytesPerElement,
  type DType,
  newArray,
  type TypedArray,
} from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Runtime } from "./runtime.js";

/** The dtypes of this backend. */
export type TfjsDType = "float32" | "int32" | "uint8" | "bool";

/** The dtype of the tensor that holds elements of `dtype`: TensorFlow.js has no uint8. */
export function tensorDType(dtype: DType): "float32" | "int32" | "bool" {
  if (dtype === "uint8") return "int32";
  return dtype === "int32" || dtype === "bool" ? dtype : "float32";
}

/** What a handle holds; it lives on for the registry when the handle is gone. */
interface Cell {
  readonly dtype: DType;
  readonly length: number;
  /** Nothing yet: no element has been written. */
  tensor: tf.Tensor1D | undefined;
}

/** A handle of this backend. */
export class TfjsBuffer {
  readonly cell: Cell;
  constructor(cell: Cell) {
    this.cell = cell;
  }
}

/** 2 GiB: the longest typed array that every engine allocates. */
export const maxBufferBytes: number = 2 ** 31;

/**
 * After so many new buffers a read waits for a task: the registry runs between tasks only, and a loop
 * that awaits nothing but values of tfjs-cpu never comes to an end of its own.
 */
const buffersPerTask = 512;

/** Makes buffers, fills them, reads them and gives them back. */
export class Memory {
  readonly #runtime: Runtime;
  readonly #cells = new Set<Cell>();
  #madeInTask = 0;
  readonly #collected = new FinalizationRegistry<Cell>((cell) => this.#release(cell));

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** A buffer whose elements are undefined; its tensor is made when it is written. */
  allocate(length: number, dtype: DType): TfjsBuffer {
    this.#runtime.ensureOpen();
    ensureDType(dtype);
    const bytes = length * bytesPerElement(tensorDType(dtype));
    if (!(length >= 0 && bytes <= maxBufferBytes)) throw tooLargeError(bytes);
    const cell: Cell = { dtype, length, tensor: undefined };
    const buffer = new TfjsBuffer(cell);
    this.#cells.add(cell);
    this.#madeInTask++;
    this.#collected.register(buffer, cell, buffer);
    return buffer;
  }

  upload(data: TypedArray, dtype: DType): TfjsBuffer {
    const buffer = this.allocate(data.length, dtype);
    this.#runtime.run(() => this.put(buffer, fromHost(data, dtype)));
    return buffer;
  }

  write(handle: BufferHandle, offset: number, data: TypedArray): void {
    const { dtype, length } = cellOf(handle);
    ensureRange("write", length, offset, data.length);
    this.#runtime.run(() => this.replace(handle, offset, fromHost(data, dtype)));
  }

  async read(handle: BufferHandle, offset: number, length: number): Promise<TypedArray> {
    const { dtype, part, own } = this.#part(handle, offset, length);
    try {
      const values = toHost(await part.data(), dtype);
      if (this.#madeInTask > buffersPerTask) {
        this.#madeInTask = 0;
        await new Promise((resolve) => setTimeout(resolve));
      }
      return values;
    } finally {
      if (own) part.dispose();
    }
  }

  readSync(handle: BufferHandle, offset: number, length: number): TypedArray {
    const { dtype, part, own } = this.#part(handle, offset, length);
    try {
      return toHost(part.dataSync(), dtype);
    } finally {
      if (own) part.dispose();
    }
  }

  /** The flat tensor in `handle`; to be called while the runtime runs. */
  tensor(handle: BufferHandle): tf.Tensor1D {
    const { tensor, length, dtype } = cellOf(handle);
    return tensor ?? tf.zeros([length], tensorDType(dtype));
  }

  /** Makes `tensor` the contents of `handle`, all of them. */
  put(handle: BufferHandle, tensor: tf.Tensor): void {
    const cell = cellOf(handle);
    const before = cell.tensor;
    const flat = tensor.rank === 1 && !tensor.kept ? tensor : tf.reshape(tensor, [cell.length]);
    cell.tensor = tf.keep(flat as tf.Tensor1D);
    before?.dispose();
  }

  /** Makes `tensor` the elements of `handle` from `offset` on. */
  replace(handle: BufferHandle, offset: number, tensor: tf.Tensor1D): void {
    const { length } = cellOf(handle);
    const end = offset + tensor.size;
    if (tensor.size === 0) return;
    if (tensor.size === length) {
      this.put(handle, tensor);
      return;
    }
    const whole = this.tensor(handle);
    const parts = [tf.slice(whole, 0, offset), tensor, tf.slice(whole, end, length - end)];
    this.put(handle, tf.concat(parts.filter((part) => part.size > 0)));
  }

  free(handle: BufferHandle): void {
    const buffer = handle as TfjsBuffer;
    this.#collected.unregister(buffer);
    this.#release(buffer.cell);
  }

  /** Frees everything. */
  clear(): void {
    for (const cell of [...this.#cells]) this.#release(cell);
  }

  #release(cell: Cell): void {
    this.#cells.delete(cell);
    cell.tensor?.dispose();
    cell.tensor = undefined;
  }

  /** Elements of a buffer as a tensor, and whether it is one of its own. */
  #part(
    handle: BufferHandle,
    offset: number,
    length: number,
  ): { dtype: DType; part: tf.Tensor1D; own: boolean } {
    this.#runtime.ensureOpen();
    const { dtype, tensor, length: all } = cellOf(handle);
    ensureRange("read", all, offset, length);
    if (tensor !== undefined && length === all) return { dtype, part: tensor, own: false };
    const part = this.#runtime.run(() =>
      tf.keep(tf.slice(this.tensor(handle), offset, length) as tf.Tensor1D),
    );
    return { dtype, part, own: true };
  }
}

function cellOf(handle: BufferHandle): Cell {
  return (handle as TfjsBuffer).cell;
}

/** A tensor over a copy of `data`: TensorFlow.js keeps the array it is given. */
function fromHost(data: TypedArray, dtype: DType): tf.Tensor1D {
  const stored = tensorDType(dtype);
  const copy = newArray(stored, data.length);
  copy.set(data);
  return tf.tensor1d(copy as Float32Array | Int32Array | Uint8Array, stored);
}

function toHost(values: ArrayLike<number>, dtype: DType): TypedArray {
  const copy: TypedArray = newArray(dtype, values.length);
  copy.set(values);
  return copy;
}

function ensureDType(dtype: DType): asserts dtype is TfjsDType {
  if (dtype === "float32" || tensorDType(dtype) !== "float32") return;
  throw new BackendError("tfjs", "TensorFlow.js must have the dtype", {
    expected: "float32, int32, uint8 or bool",
    got: dtype,
    fix: 'Convert with astype("float32"), or use another backend.',
  });
}

function tooLargeError(bytes: number): BackendError {
  return new BackendError("tfjs", "an array must fit in memory", {
    expected: `at most ${maxBufferBytes} bytes`,
    got: `${bytes} bytes`,
    fix: "Work in smaller batches.",
  });
}

function ensureRange(op: string, all: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= all) return;
  throw new InternalError(`tfjs ${op}`, "elements must lie inside the buffer", {
    expected: `0 to ${all}`,
    got: `${offset} to ${offset + length}`,
  });
}
