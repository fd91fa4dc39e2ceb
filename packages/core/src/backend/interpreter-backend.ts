// The smallest complete backend: typed arrays and the shipped interpreter. Slow and obviously right;
// the truth for tests. apps/docs/guides/write-a-backend.md starts from one like it.

import {
  type BufferHandle,
  type DType,
  type HostOperand,
  interpretKernel,
  newArray,
  type Operand,
  type TypedArray,
} from "@chainrule/kernel";
import { BackendError } from "../errors.js";
import { type Backend, contractVersion } from "./backend.js";

interface Box {
  readonly data: TypedArray;
}

/**
 * The reference backend: runs every kernel in the interpreter, about a thousand times slower than
 * generated code.
 *
 * @example
 * setBackend(interpreter());
 */
export function interpreter(): Backend {
  let open = true;
  const ensureOpen = (): void => {
    if (open) return;
    throw new BackendError("interpreter", "a closed backend cannot be used", {
      expected: "an open backend",
      got: "one whose close() was called",
      fix: "Make a new one with interpreter().",
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
    name: "interpreter",
    contract: contractVersion,
    capabilities: {
      dtypes: ["float32", "float64", "int32", "uint8", "bool"],
      syncRead: true,
      nan: "ieee",
      exactInt32: true,
      maxBufferBytes: 2 ** 31,
    },
    allocate: (length: number, dtype: DType) => boxed(newArray(dtype, length)),
    upload: (data) => boxed(data.slice()),
    write: (handle, offset, data) => arrayOf(handle).set(data, offset),
    read: async (handle, offset, length) => readSync(handle, offset, length),
    readSync,
    free: () => {},
    compileKernel: (kernel) => ({
      run: (inputs, scalars, outputs) =>
        interpretKernel(kernel, inputs.map(onHost), scalars, outputs.map(onHost)),
    }),
    info: () => ({
      name: "interpreter",
      device: "cpu",
      threads: 1,
      features: { "code generation": "off: this backend interprets" },
      hostRoutines: [],
    }),
    ready: async () => ensureOpen(),
    lost: new Promise(() => {}),
    close: async () => {
      open = false;
    },
  };
}
