// Memory: a handle is a box with an array in it, a texture on a GPU. Arrays never change, so a write
// puts a new one into the box.

import { BackendError, InternalError } from "@chainrule/core";
import {
  type BufferHandle,
  convertNumber,
  type DType,
  newArray,
  type TypedArray,
} from "@chainrule/kernel";
import type { DeviceArray, Engine } from "./engine.js";
import { insert } from "./insert.js";

/** Floats number 2^24 elements exactly; at 4 bytes each. */
export const maxBufferBytes: number = 2 ** 26;

/** What a handle holds; it lives on for the registry when the handle is gone. */
interface Cell {
  readonly dtype: DType;
  readonly length: number;
  /** Nothing yet: no element has been written. */
  array: DeviceArray | undefined;
}

/** A handle of this backend. */
class GpujsBuffer {
  readonly cell: Cell;
  constructor(cell: Cell) {
    this.cell = cell;
  }
}

/** Makes buffers, fills them, reads them and gives them back. */
export class Memory {
  readonly #engine: Engine;
  readonly #cells = new Set<Cell>();
  readonly #collected = new FinalizationRegistry<Cell>((cell) => this.#release(cell));

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** A buffer whose elements are undefined. */
  allocate(length: number, dtype: DType): BufferHandle {
    this.#engine.ensureOpen();
    ensureDType(dtype);
    const bytes = length * 4;
    if (!(length >= 0 && bytes <= maxBufferBytes)) throw tooLargeError(bytes);
    const cell: Cell = { dtype, length, array: undefined };
    const buffer = new GpujsBuffer(cell);
    this.#cells.add(cell);
    this.#collected.register(buffer, cell, buffer);
    return buffer;
  }

  upload(data: TypedArray, dtype: DType): BufferHandle {
    const buffer = this.allocate(data.length, dtype);
    if (data.length > 0) this.put(buffer, this.#engine.upload(Float32Array.from(data)));
    return buffer;
  }

  write(handle: BufferHandle, offset: number, data: TypedArray): void {
    const { length } = cellOf(handle);
    ensureRange("write", length, offset, data.length);
    if (data.length === 0) return;
    const fresh = this.#engine.upload(Float32Array.from(data));
    this.replace(handle, offset, data.length, fresh);
  }

  /** A copy of the elements as they are now. */
  read(handle: BufferHandle, offset: number, length: number): TypedArray {
    this.#engine.ensureOpen();
    const { array, dtype, length: all } = cellOf(handle);
    ensureRange("read", all, offset, length);
    const copy: TypedArray = newArray(dtype, length);
    if (array === undefined || length === 0) return copy;
    const floats = this.#engine.download(array, all).subarray(offset, offset + length);
    if (dtype !== "int32") copy.set(floats);
    else for (const [i, value] of floats.entries()) copy[i] = convertNumber(value, dtype);
    return copy;
  }

  /** The array in `handle`: zeros when none was written. */
  array(handle: BufferHandle): DeviceArray {
    const cell = cellOf(handle);
    cell.array ??= this.#engine.upload(new Float32Array(Math.max(1, cell.length)));
    return cell.array;
  }

  /** The number of elements of `handle`. */
  length(handle: BufferHandle): number {
    return cellOf(handle).length;
  }

  /** Makes `array` the contents of `handle`, all of them. */
  put(handle: BufferHandle, array: DeviceArray): void {
    const cell = cellOf(handle);
    const before = cell.array;
    cell.array = array;
    if (before !== undefined) this.#engine.release(before);
  }

  /** Makes `fresh`, `count` elements, those of `handle` from `offset` on; `fresh` is used up. */
  replace(handle: BufferHandle, offset: number, count: number, fresh: DeviceArray): void {
    if (count === cellOf(handle).length) {
      this.put(handle, fresh);
      return;
    }
    const place = { buffer: handle, offset, count };
    this.put(handle, insert(this.#engine, this, place, fresh));
    this.#engine.release(fresh);
  }

  free(handle: BufferHandle): void {
    const buffer = handle as GpujsBuffer;
    this.#collected.unregister(buffer);
    this.#release(buffer.cell);
  }

  /** Frees everything. */
  clear(): void {
    for (const cell of [...this.#cells]) this.#release(cell);
  }

  #release(cell: Cell): void {
    this.#cells.delete(cell);
    if (cell.array !== undefined) this.#engine.release(cell.array);
    cell.array = undefined;
  }
}

function cellOf(handle: BufferHandle): Cell {
  return (handle as GpujsBuffer).cell;
}

function ensureDType(dtype: DType): void {
  if (dtype !== "float64" && dtype !== "float16") return;
  throw new BackendError("gpujs", "gpu.js must have the dtype", {
    expected: "float32, int32, uint8 or bool",
    got: dtype,
    fix: 'Convert with astype("float32"), or use another backend.',
  });
}

function tooLargeError(bytes: number): BackendError {
  return new BackendError("gpujs", "an array must fit in a texture", {
    expected: `at most ${maxBufferBytes} bytes`,
    got: `${bytes} bytes`,
    fix: "Work in smaller batches.",
  });
}

function ensureRange(op: string, all: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= all) return;
  throw new InternalError(`gpujs ${op}`, "elements must lie inside the buffer", {
    expected: `0 to ${all}`,
    got: `${offset} to ${offset + length}`,
  });
}
