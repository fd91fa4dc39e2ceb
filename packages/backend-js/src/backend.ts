// Typed arrays as memory, generated functions as kernels.

import { type Backend, BackendError, contractVersion, type Routines } from "@chainrule/core";
import {
  type BufferHandle,
  bytesPerElement,
  type DType,
  newArray,
  type TypedArray,
} from "@chainrule/kernel";
import { canGenerate, compileKernel } from "./compile.js";
import { scatterAdd } from "./scatter-add.js";

/** Options of {@link js}. */
export interface JsOptions {
  /**
   * "auto" (the default) generates code where the environment allows it; "strict" never calls
   * `new Function`, for pages whose content security policy forbids it: kernels are interpreted,
   * with the same results, far slower.
   */
  readonly csp?: "auto" | "strict" | undefined;
}

/** The memory of one array. */
export interface Buffer {
  readonly data: TypedArray;
}

/** The longest typed array that every engine allocates: 2 GiB. */
const maxBufferBytes = 2 ** 31;

/**
 * Makes the JavaScript backend: one thread, every kernel one generated function, no dependencies.
 *
 * @example
 * setBackend(js());
 * ones([2]).backend.name // => "js"
 */
export function js(options: JsOptions = {}): Backend {
  const generates = options.csp !== "strict" && canGenerate();
  let open = true;
  const ensureOpen = (): void => {
    if (!open) throw closedError();
  };
  const dataOf = (handle: BufferHandle): TypedArray => {
    ensureOpen();
    return (handle as Buffer).data;
  };
  const readSync = (handle: BufferHandle, offset: number, length: number): TypedArray =>
    dataOf(handle).slice(offset, offset + length);
  const routines: Routines = { scatterAdd };
  return {
    name: "js",
    contract: contractVersion,
    capabilities: {
      dtypes: ["float32", "float64", "int32", "uint8", "bool"],
      syncRead: true,
      nan: "ieee",
      exactInt32: true,
      maxBufferBytes,
    },
    allocate: (length, dtype): Buffer => {
      ensureOpen();
      return { data: allocate(length, dtype) };
    },
    upload: (data): Buffer => {
      ensureOpen();
      return { data: data.slice() };
    },
    write: (handle, offset, data) => dataOf(handle).set(data, offset),
    read: async (handle, offset, length) => readSync(handle, offset, length),
    readSync,
    free: () => {}, // The collector does it.
    compileKernel: (kernel) => {
      ensureOpen();
      return compileKernel(kernel, generates);
    },
    routines,
    info: () => ({
      name: "js",
      device: "cpu",
      threads: 1,
      features: { "code generation": generates ? "on" : `off: ${whyNot(options)}` },
      hostRoutines: Object.keys(routines),
    }),
    ready: async () => ensureOpen(),
    lost: new Promise(() => {}),
    close: async () => {
      open = false;
    },
  };
}

function allocate(length: number, dtype: DType): TypedArray {
  const bytes = length * bytesPerElement(dtype);
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

function closedError(): BackendError {
  return new BackendError("js", "a closed backend cannot be used", {
    expected: "an open backend",
    got: "one whose close() was called",
    fix: "Make a new one with js().",
  });
}

function whyNot(options: JsOptions): string {
  return options.csp === "strict"
    ? 'kernels are interpreted, as csp: "strict" asks'
    : "kernels are interpreted, as the environment forbids new Function (content security policy)";
}
