// Flat tensors as memory, operations on whole tensors as kernels.

import { type Backend, BackendError } from "@chainrule/core";
import * as tf from "@tensorflow/tfjs-core";
import { Memory, maxBufferBytes } from "./buffer.js";
import { compile } from "./compile.js";
import { convolutions } from "./conv.js";
import { namedOps } from "./named.js";
import { createOps } from "./ops.js";
import { overlapAdd } from "./overlap-add.js";
import { measure } from "./probe.js";
import { startBackend } from "./runtime.js";

/** Options of {@link tfjs}. */
export interface TfjsOptions {
  /**
   * The name of a registered TensorFlow.js backend, such as "webgl" after
   * `import "@tensorflow/tfjs-backend-webgl"`. Default "cpu", which is loaded by itself.
   */
  readonly backend?: string | undefined;
}

/**
 * Makes a backend that computes with TensorFlow.js.
 *
 * Throws: {@link BackendError} when the TensorFlow.js backend is not registered or does not start.
 *
 * @example
 * setBackend(await tfjs());
 * ones([2]).backend.name // => "tfjs"
 */
export async function tfjs(options: TfjsOptions = {}): Promise<Backend> {
  const { backend: engine = "cpu" } = options;
  if (typeof engine !== "string") {
    throw new BackendError("tfjs", "backend must be the name of a TensorFlow.js backend", {
      expected: 'a string such as "cpu" or "webgl"',
      got: String(engine),
    });
  }
  const runtime = await startBackend(engine);
  const memory = new Memory(runtime);
  const ops = createOps(runtime);
  const measured = await measure(ops);
  // WebGPU refuses to be waited for.
  const syncRead = engine !== "webgpu";
  return {
    name: "tfjs",
    contract: 1,
    capabilities: {
      dtypes: ["float32", "int32", "uint8", "bool"],
      syncRead,
      ...measured,
      maxBufferBytes,
    },
    allocate: (length, dtype) => memory.allocate(length, dtype),
    upload: (data, dtype) => memory.upload(data, dtype),
    write: (handle, offset, data) => memory.write(handle, offset, data),
    read: (handle, offset, length) => memory.read(handle, offset, length),
    ...(syncRead && {
      readSync: (handle: object, offset: number, length: number) =>
        memory.readSync(handle, offset, length),
    }),
    free: (handle) => memory.free(handle),
    compileKernel: (kernel) => {
      runtime.ensureOpen();
      return compile(kernel, ops, memory);
    },
    ops: {
      ...namedOps(ops, memory),
      ...convolutions(ops, memory),
      overlapAdd: overlapAdd(ops, memory),
    },
    info: () => ({
      name: "tfjs",
      device: `TensorFlow.js ${tf.version_core}, backend ${engine}`,
      threads: 1,
      features: {
        "exact int32": measured.exactInt32 ? "on" : `off: ${engine} keeps ints as floats`,
      },
      hostRoutines: [],
    }),
    ready: async () => {
      // TensorFlow.js says nothing of its queue, but reads after all that is in it.
      const last = runtime.run(() => tf.keep(tf.scalar(0)));
      await last.data();
      last.dispose();
    },
    lost: new Promise(() => {}),
    close: async () => {
      runtime.close();
      memory.clear();
    },
  };
}
