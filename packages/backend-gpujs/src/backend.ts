// Textures as memory, kernels in the JavaScript that gpu.js translates.

import { type Backend, BackendError } from "@chainrule/core";
import { compile } from "./compile.js";
import type { GpuLibrary, Mode } from "./engine.js";
import { Memory, maxBufferBytes } from "./memory.js";
import { choose, modes } from "./modes.js";

/** Options of {@link gpujs}. */
export interface GpujsOptions {
  /** "auto" takes the first that works of "webgl2", "webgl", "webasm", "cpu". Default "auto". */
  readonly mode?: "auto" | Mode | undefined;
}

/**
 * Makes a backend that computes with gpu.js: on the GPU through WebGL in browsers, in WebAssembly
 * elsewhere.
 *
 * Throws: {@link BackendError} when gpu.js is not installed or the mode does not work here.
 *
 * @example
 * setBackend(await gpujs({ mode: "cpu" }));
 * ones([2]).backend.name // => "gpujs"
 */
export async function gpujs(options: GpujsOptions = {}): Promise<Backend> {
  const { mode = "auto" } = options;
  if (mode !== "auto" && !modes.includes(mode)) {
    throw new BackendError("gpujs", "mode must be one of gpu.js", {
      expected: `"auto", ${modes.map((each) => `"${each}"`).join(", ")}`,
      got: JSON.stringify(mode) ?? String(mode),
    });
  }
  const { engine, measured, reasons } = await choose(await loadLibrary(), mode);
  const memory = new Memory(engine);
  const { nan, subnormals } = measured;
  return {
    name: "gpujs",
    contract: 1,
    capabilities: {
      dtypes: ["float32", "int32", "uint8", "bool"],
      syncRead: true,
      nan,
      exactInt32: false,
      subnormals,
      maxBufferBytes,
    },
    allocate: (length, dtype) => memory.allocate(length, dtype),
    upload: (data, dtype) => memory.upload(data, dtype),
    write: (handle, offset, data) => memory.write(handle, offset, data),
    read: async (handle, offset, length) => memory.read(handle, offset, length),
    readSync: (handle, offset, length) => memory.read(handle, offset, length),
    free: (handle) => memory.free(handle),
    compileKernel: (kernel) => {
      engine.ensureOpen();
      return compile(kernel, engine, memory);
    },
    info: () => ({
      name: "gpujs",
      device: `gpu.js, mode ${engine.mode}`,
      threads: 1,
      features: {
        ...reasons,
        "exact int32": "off: elements are 32-bit floats, whole numbers are exact up to 2^24",
        "IEEE NaN":
          nan === "ieee" ? "on" : "off: the device loses NaN, infinities or signs of zero",
        subnormals: subnormals ? "on" : "off: the device takes numbers below 2^-126 as 0",
      },
      hostRoutines: [],
    }),
    ready: async () => engine.ensureOpen(),
    lost: engine.lost,
    close: async () => {
      memory.clear();
      await engine.close();
    },
  };
}

async function loadLibrary(): Promise<GpuLibrary> {
  let module: { readonly GPU?: unknown; readonly default?: unknown };
  try {
    module = await import("gpu.js");
  } catch (cause) {
    throw new BackendError("gpujs", "gpu.js must be installed", {
      expected: 'a module named "gpu.js"',
      got: cause instanceof Error ? cause.message : String(cause),
      fix: "Install it: npm install gpu.js@2.24.1",
    });
  }
  // Bundlers and Node see the exports of CommonJS differently.
  const inner = module.default as { GPU?: unknown } | undefined;
  return (module.GPU ?? inner?.GPU ?? inner) as GpuLibrary;
}
