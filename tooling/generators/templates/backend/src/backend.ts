// Typed arrays as memory, the shipped interpreter for kernels: a complete backend, and a slow one.
// How it becomes an engine of its own: apps/docs/guides/write-a-backend.md.

import { type Backend, BackendError } from "@chainrule/core";
import {
  type BufferHandle,
  type HostOperand,
  interpretKernel,
  newArray,
  type Operand,
  type TypedArray,
} from "@chainrule/kernel";

/** What a handle is: a box, so that `free` can take the array out of it. */
interface Box {
  data: TypedArray;
}

const nothing = new Uint8Array(0);

/**
 * Says in one sentence what this backend computes with.
 *
 * @example
 * setBackend(__name__());
 * ones([2]).backend.name // => "__name__"
 */
export function __name__(): Backend {
  let open = true;
  const ensureOpen = (): void => {
    if (open) return;
    throw new BackendError("__name__", "a closed backend cannot be used", {
      expected: "an open backend",
      got: "one whose close() was called",
      fix: "Make a new one with __name__().",
    });
  };
  const boxed = (data: TypedArray): Box => {
    ensureOpen();
    return { data };
  };
  const arrayOf = (handle: BufferHandle): TypedArray => {
    ensureOpen();
    return (handle as Box).data;
  };
  const onHost = ({ buffer, layout, offset }: Operand): HostOperand => ({
    data: arrayOf(buffer),
    layout,
    offset,
  });
  const readSync = (handle: BufferHandle, offset: number, length: number): TypedArray =>
    arrayOf(handle).slice(offset, offset + length);
  return {
    name: "__name__",
    contract: 1,
    capabilities: {
      dtypes: ["float32", "float64", "int32", "uint8", "bool"],
      syncRead: true,
      nan: "ieee",
      exactInt32: true,
      maxBufferBytes: 2 ** 31,
    },
    allocate: (length, dtype) => boxed(newArray(dtype, length)),
    upload: (data) => boxed(data.slice()),
    write: (handle, offset, data) => arrayOf(handle).set(data, offset),
    read: async (handle, offset, length) => readSync(handle, offset, length),
    readSync,
    free: (handle) => {
      (handle as Box).data = nothing;
    },
    compileKernel: (kernel) => {
      ensureOpen();
      return {
        run: (inputs, scalars, outputs) =>
          interpretKernel(kernel, inputs.map(onHost), scalars, outputs.map(onHost)),
      };
    },
    info: () => ({
      name: "__name__",
      device: "cpu",
      threads: 1,
      features: { "code generation": "off: kernels are interpreted" },
      hostRoutines: [],
    }),
    ready: async () => ensureOpen(),
    lost: new Promise(() => {}),
    close: async () => {
      open = false;
    },
  };
}
