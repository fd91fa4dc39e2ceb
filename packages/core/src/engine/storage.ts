// The memory behind tensors. Buffers are never changed in place by eager operations: the only write,
// `assign`, gives a storage another buffer, so buffers can be shared between storages freely.

import { type BufferHandle, bytesPerElement, type DType, dtypeCode } from "@chainrule/kernel";
import { trackStorage, untrackStorage } from "../memory/memory.js";
import type { Device } from "./device.js";

/** One array on one device, seen by one or more tensors. */
export class Storage {
  handle: BufferHandle;
  readonly device: Device;
  readonly dtype: DType;
  readonly dtypeCode: number;
  readonly length: number;
  /** Counts writes; saved tensors compare it. */
  version = 0;
  /** The operation that wrote last, for messages. */
  writer = "";
  /** Tensors that see this storage and have not been disposed. */
  viewers = 0;

  constructor(device: Device, handle: BufferHandle, dtype: DType, length: number) {
    this.device = device;
    this.handle = handle;
    this.dtype = dtype;
    this.dtypeCode = dtypeCode(dtype);
    this.length = length;
    trackStorage(this, length * bytesPerElement(dtype));
  }

  /** Another storage that sees the same buffer, until one of the two is written to. */
  share(): Storage {
    const other = new Storage(this.device, this.handle, this.dtype, this.length);
    shares.set(this.handle, (shares.get(this.handle) ?? 1) + 1);
    return other;
  }

  /** Takes over the buffer of `source`; both storages see it from now on. */
  adopt(source: Storage, writer: string): void {
    const previous = this.handle;
    if (source.handle === previous) return;
    shares.set(source.handle, (shares.get(source.handle) ?? 1) + 1);
    this.handle = source.handle;
    this.version += 1;
    this.writer = writer;
    releaseHandle(this.device, previous);
  }

  /** Gives the memory back. */
  release(): void {
    untrackStorage(this);
    releaseHandle(this.device, this.handle);
  }
}

/** How many storages see a buffer, for those seen by more than one. */
const shares = new WeakMap<BufferHandle, number>();

function releaseHandle(device: Device, handle: BufferHandle): void {
  const owners = shares.get(handle);
  if (owners === undefined) device.backend.free(handle);
  else if (owners === 2) shares.delete(handle);
  else shares.set(handle, owners - 1);
}
