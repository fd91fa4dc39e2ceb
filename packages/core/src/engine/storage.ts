// The memory behind tensors. Buffers are never changed in place by eager operations: the only write,
// `assign`, gives a storage another buffer, so buffers can be shared between storages freely.

import { type BufferHandle, type DType, dtypeCode, type TypedArray } from "@chainrule/kernel";
import { trackStorage, untrackStorage } from "../memory/memory.js";
import type { Device } from "./device.js";
import { noteChange, tracer } from "./tracer.js";

/** One array on one device, seen by one or more tensors. */
export class Storage {
  handle: BufferHandle;
  device: Device;
  readonly dtype: DType;
  readonly dtypeCode: number;
  readonly length: number;
  /** Counts writes; saved tensors compare it. */
  version = 0;
  /** The operation that wrote last, for messages. */
  writer = "";
  /** Tensors that see this storage and have not been disposed. */
  viewers = 0;
  /** Who else has the buffer; set once there has been another owner. */
  owners: Owners | null = null;

  constructor(device: Device, handle: BufferHandle, dtype: DType, length: number) {
    this.device = device;
    this.handle = handle;
    this.dtype = dtype;
    this.dtypeCode = dtypeCode(dtype);
    this.length = length;
    trackStorage(this);
  }

  /** Another storage that sees the same buffer, until one of the two is written to. */
  share(): Storage {
    tracer?.touch(this);
    const other = new Storage(this.device, this.handle, this.dtype, this.length);
    other.owners = this.#countOwner();
    return other;
  }

  /** Takes over the buffer of `source`; both storages see it from now on. */
  adopt(source: Storage, writer: string): void {
    tracer?.touch(this);
    tracer?.touch(source);
    if (source.handle === this.handle) return;
    this.#releaseHandle();
    this.owners = source.#countOwner();
    this.handle = source.handle;
    this.version += 1;
    this.writer = writer;
  }

  /** Continues in `handle` on another device, which holds the same elements. */
  moveTo(device: Device, handle: BufferHandle): void {
    this.#releaseHandle();
    this.owners = null;
    this.device = device;
    this.handle = handle;
    this.version += 1;
    this.writer = "to";
  }

  /** A copy of elements as they are now. The buffer lives until it is here, whoever else lets go of it. */
  async read(offset: number, length: number): Promise<TypedArray> {
    const { handle, device } = this;
    const owners = this.#countOwner();
    try {
      return await device.backend.read(handle, offset, length);
    } finally {
      letGo(owners, device, handle);
    }
  }

  /** Gives the memory back. */
  release(): void {
    untrackStorage(this);
    this.#releaseHandle();
  }

  /** Counts one more owner of the buffer. */
  #countOwner(): Owners {
    noteChange();
    this.owners ??= { count: 1 };
    this.owners.count += 1;
    return this.owners;
  }

  #releaseHandle(): void {
    noteChange();
    letGo(this.owners, this.device, this.handle);
  }
}

/** How many storages and reads own a buffer, one object for all of them. */
export interface Owners {
  count: number;
}

/** The buffer goes back to the backend with its last owner; null stands for a single one. */
function letGo(owners: Owners | null, { backend }: Device, handle: BufferHandle): void {
  if (owners === null || --owners.count === 0) backend.free(handle);
}
