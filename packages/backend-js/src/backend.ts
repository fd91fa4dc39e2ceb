// Typed arrays as memory, generated functions as kernels: nothing waits, nothing is queued.

import { type Backend, BackendError, type Routines } from "@chainrule/core";
import { type BufferHandle, newArray, type TypedArray } from "@chainrule/kernel";
import { BufferPool, ensureRange, type JsBuffer, maxBufferBytes } from "./buffer.js";
import { createCompiler, evaluated } from "./compile.js";
import { convolutions } from "./conv/conv.js";
import { overlapAdd } from "./conv/overlap-add.js";
import { compileProduct } from "./matmul.js";
import { rank } from "./rank.js";
import { scan } from "./scan.js";
import { scatterAdd } from "./scatter-add.js";

/** So many elements are copied faster by a loop than by the engine's own routine. */
const few = 4;

/** Options of {@link js}. */
export interface JsOptions {
  /**
   * "auto" (the default) generates code where the environment allows it; "strict" never calls
   * `new Function`, for pages whose content security policy forbids it: kernels are interpreted,
   * with the same results, far slower.
   */
  readonly csp?: "auto" | "strict" | undefined;
}

/**
 * Makes the JavaScript backend: one thread, every kernel one generated function, no dependencies.
 *
 * Throws: {@link BackendError} when an option is not one of those listed.
 *
 * @example
 * setBackend(js());
 * ones([2]).backend.name // => "js"
 */
export function js(options: JsOptions = {}): Backend {
  const compiler = createCompiler(policyOf(options));
  const pool = new BufferPool();
  let open = true;
  const ensureOpen = (): void => {
    if (!open) throw closedError();
  };
  const readSync = (handle: BufferHandle, offset: number, length: number): TypedArray => {
    ensureOpen();
    const { data, dtype } = handle as JsBuffer;
    ensureRange("read", data, offset, length);
    if (length > few) return data.slice(offset, offset + length);
    const copy = newArray(dtype, length);
    for (let i = 0; i < length; i++) copy[i] = data[offset + i] as number;
    return copy;
  };
  const routines: Routines = { scatterAdd, rank, scan };
  return {
    name: "js",
    contract: 1,
    capabilities: {
      dtypes: ["float32", "float64", "int32", "uint8", "bool"],
      syncRead: true,
      nan: "ieee",
      exactInt32: true,
      maxBufferBytes,
    },
    allocate: (length, dtype) => {
      ensureOpen();
      return pool.make(length, dtype);
    },
    upload: (data, dtype) => {
      ensureOpen();
      const buffer = pool.make(data.length, dtype);
      buffer.data.set(data);
      return buffer;
    },
    write: (handle, offset, data) => {
      ensureOpen();
      const target = (handle as JsBuffer).data;
      ensureRange("write", target, offset, data.length);
      target.set(data, offset);
    },
    read: async (handle, offset, length) => readSync(handle, offset, length),
    readSync,
    free: (handle) => pool.free(handle as JsBuffer),
    compileKernel: (kernel) => {
      ensureOpen();
      return { run: compileProduct(kernel, compiler, pool) ?? compiler.compile(kernel) };
    },
    ...(compiler.generates && { compileProgram: (_, inJavaScript) => inJavaScript(evaluated) }),
    routines,
    ops: { ...convolutions(pool), overlapAdd },
    info: () => ({
      name: "js",
      device: "cpu",
      threads: 1,
      features: { "code generation": compiler.feature },
      hostRoutines: Object.keys(routines),
    }),
    ready: async () => ensureOpen(),
    lost: new Promise(() => {}),
    close: async () => {
      open = false;
      pool.clear();
    },
  };
}

function policyOf({ csp = "auto" }: JsOptions): "auto" | "strict" {
  if (csp === "auto" || csp === "strict") return csp;
  throw new BackendError("js", "csp must be one of its values", {
    expected: '"auto" or "strict"',
    got: String(csp),
  });
}

function closedError(): BackendError {
  return new BackendError("js", "a closed backend cannot be used", {
    expected: "an open backend",
    got: "one whose close() was called",
    fix: "Make a new one with js().",
  });
}
