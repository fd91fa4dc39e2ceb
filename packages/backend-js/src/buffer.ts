// Memory: a handle is a box around a typed array. Freed arrays wait for the next allocation of their
// length: on Linux a fresh one costs 0.4 ms per MB for its pages, a third of the time to fill it.

import { BackendError, InternalError } from "@chainrule/core";
import {
  bytesPerElement,
  type DType,
  dtypeCode,
  newArray,
  type TypedArray,
} from "@chainrule/kernel";

/** The memory of one array, which is what handles of this backend are. */
export interface JsBuffer {
  data: TypedArray;
  readonly dtype: DType;
}

/** 2 GiB: the longest typed array that every engine allocates; and addresses are int32 numbers. */
export const maxBufferBytes: number = 2 ** 31;

/** Arrays of up to this many bytes lie on V8's own heap and are cheaper to make than to look up. */
const smallBytes = 64;

/** Bytes of freed arrays that are kept. */
const maxIdleBytes = 64 * 2 ** 20;

const nothing = new Uint8Array(0);

/** Makes arrays and takes them back. */
export class BufferPool {
  /** Freed arrays by length and dtype. */
  readonly #idle = new Map<number, TypedArray[]>();
  #idleBytes = 0;

  /** A buffer of `length` elements, contents undefined. */
  make(length: number, dtype: DType): JsBuffer {
    const bytes = length * bytesPerElement(dtype);
    const idle = bytes > smallBytes ? this.#idle.get(keyOf(length, dtype))?.pop() : undefined;
    if (idle === undefined) return { data: allocate(length, dtype, bytes), dtype };
    this.#idleBytes -= bytes;
    return { data: idle, dtype };
  }

  /** Takes the array of `buffer` back and leaves it empty, so that a late use finds nothing. */
  free(buffer: JsBuffer): void {
    const { data, dtype } = buffer;
    const bytes = data.byteLength;
    buffer.data = nothing;
    if (bytes <= smallBytes || bytes > maxIdleBytes) return;
    // Lengths that went out of use must not fill the pool for good.
    if (this.#idleBytes + bytes > maxIdleBytes) this.clear();
    this.#idleBytes += bytes;
    const key = keyOf(data.length, dtype);
    const idle = this.#idle.get(key);
    if (idle === undefined) this.#idle.set(key, [data]);
    else idle.push(data);
  }

  /** Forgets all freed arrays. */
  clear(): void {
    this.#idle.clear();
    this.#idleBytes = 0;
  }
}

function keyOf(length: number, dtype: DType): number {
  return length * 8 + dtypeCode(dtype);
}

function allocate(length: number, dtype: DType, bytes: number): TypedArray {
  if (bytes > maxBufferBytes) throw tooLargeError(bytes);
  try {
    return newArray(dtype, length);
  } catch (cause) {
    // The engine is out of memory, which it says as a RangeError.
    if (cause instanceof RangeError) throw tooLargeError(bytes);
    throw cause;
  }
}

function tooLargeError(bytes: number): BackendError {
  return new BackendError("js", "an array must fit in memory", {
    expected: `at most ${maxBufferBytes} bytes, and as much free`,
    got: `${bytes} bytes`,
    fix: "Work in smaller batches.",
  });
}

/** Throws: {@link InternalError} when elements `offset` to `offset + length` are not all in `data`. */
export function ensureRange(op: string, data: TypedArray, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= data.length) return;
  throw new InternalError(`js ${op}`, "elements must lie inside the buffer", {
    expected: `0 to ${data.length}`,
    got: `${offset} to ${offset + length}`,
  });
}
