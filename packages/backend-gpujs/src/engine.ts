// The gpu.js side: one GPU object in one mode, the kernels it has built, and arrays on it.

import { BackendError } from "@chainrule/core";
import { functionsOf, type MathSource, prototypesOf } from "./source/function-list.js";

/** The modes of gpu.js that this backend uses. */
export type Mode = "webgl2" | "webgl" | "webasm" | "cpu";

/** Floats on the device: a texture of gpu.js, or an array of the host. */
export type DeviceArray = Float32Array | Texture;

/** A kernel to run: the text of a function of arrays and then numbers; a thread per element. */
export interface Program {
  readonly name: string;
  readonly text: string;
  readonly arrays: number;
  readonly numbers: number;
}

/** As much of gpu.js as is used here. */
export interface GpuLibrary {
  new (settings: { mode: Mode }): Gpu;
  readonly isWebGL2Supported: boolean;
  readonly isWebGLSupported: boolean;
  readonly isWebAssemblySupported: boolean;
}

interface Gpu {
  createKernel(source: string, settings: object): GpuKernel;
  destroy(): Promise<void>;
}

interface GpuKernel {
  (...args: readonly unknown[]): DeviceArray;
  setOutput(size: readonly number[]): unknown;
  destroy(): void;
  readonly kernel: {
    moduleCacheLimit?: number;
    uniform1fCache?: object;
    readonly context?: { isContextLost?(): boolean } | null;
    readonly canvas?: EventTarget | null;
    readonly constructor: { readonly mode?: string };
  };
}

interface Texture {
  delete(): void;
}

/** Kernels kept in WebAssembly mode: each has a memory of at least a megabyte for every size. */
const wasmKernels = 256;
const wasmSizesPerKernel = 4;
/** Texture units that every WebGL has, less the one that gpu.js works with. */
const textureUnits = 15;

const copy: Program = {
  name: "copy",
  text: "function kernel(x0) { return x0[this.thread.x]; }",
  arrays: 1,
  numbers: 0,
};

/** Runs programs. Every result is a new array, to be released by whoever asked for it. */
export class Engine {
  readonly mode: Mode;
  /** Resolves with the reason when the WebGL context goes away. */
  readonly lost: Promise<{ reason: string }>;
  readonly #gpu: Gpu;
  readonly #math: MathSource;
  readonly #onTextures: boolean;
  readonly #kernels = new Map<Program, GpuKernel>();
  #upload: GpuKernel | undefined;
  #download: GpuKernel | undefined;
  #context: { isContextLost?(): boolean } | undefined;
  #sayLost: (info: { reason: string }) => void = () => {};
  #state: "open" | "closed" | "lost" = "open";

  /** `math` says who computes elementary functions: ours on GPUs unless it is given. */
  constructor(library: GpuLibrary, mode: Mode, math?: MathSource) {
    this.mode = mode;
    this.#gpu = new library({ mode });
    this.#onTextures = mode === "webgl2" || mode === "webgl";
    this.#math = math ?? (this.#onTextures ? "gpu" : "host");
    this.lost = new Promise((resolve) => {
      this.#sayLost = resolve;
    });
  }

  /** What `program` computes from `arrays` and `numbers`: `size` floats, at least one. */
  run(
    program: Program,
    arrays: readonly DeviceArray[],
    numbers: readonly number[],
    size: number,
  ): DeviceArray {
    this.ensureOpen();
    const kernel = this.#kernel(program);
    return this.#call(program.name, kernel, [...arrays, ...numbers], size);
  }

  /** An array on the device with the values of `data`, which is not to be changed afterwards. */
  upload(data: Float32Array): DeviceArray {
    this.ensureOpen();
    if (!this.#onTextures) return data;
    this.#upload ??= this.#create(copy, { argumentTypes: ["Array"] });
    return this.#call("upload", this.#upload, [data], data.length);
  }

  /** The first `length` values of `array`. */
  download(array: DeviceArray, length: number): Float32Array {
    this.ensureOpen();
    if (array instanceof Float32Array) return array;
    this.#download ??= this.#create(copy, { pipeline: false, immutable: false });
    const values = this.#call("download", this.#download, [array], length);
    // A context that goes away while it is read gives zeros.
    this.ensureOpen();
    return values as Float32Array;
  }

  release(array: DeviceArray): void {
    if (!(array instanceof Float32Array)) array.delete();
  }

  /** Throws: {@link BackendError} when the backend has been closed or its device is lost. */
  ensureOpen(): void {
    if (this.#state === "open" && this.#context?.isContextLost?.() === true) this.#lose();
    if (this.#state === "open") return;
    const lost = this.#state === "lost";
    throw new BackendError(
      "gpujs",
      lost ? "the device must be there" : "a closed backend cannot be used",
      {
        expected: lost ? "a WebGL context" : "an open backend",
        got: lost ? "one that was lost, with everything on it" : "one whose close() was called",
        fix: "Make a new one with await gpujs().",
      },
    );
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#kernels.clear();
    await this.#gpu.destroy();
  }

  #lose(): void {
    if (this.#state !== "open") return;
    this.#state = "lost";
    this.#sayLost({ reason: "the WebGL context was lost" });
  }

  #kernel(program: Program): GpuKernel {
    const known = this.#kernels.get(program);
    if (known !== undefined) {
      if (this.mode === "webasm") {
        // The order of the map is that of the last uses.
        this.#kernels.delete(program);
        this.#kernels.set(program, known);
      }
      return known;
    }
    const kernel = this.#create(program, {});
    this.#kernels.set(program, kernel);
    if (this.mode === "webasm") this.#forgetOldest();
    return kernel;
  }

  #forgetOldest(): void {
    const [oldest] = this.#kernels;
    if (this.#kernels.size <= wasmKernels || oldest === undefined) return;
    const [program, kernel] = oldest;
    this.#kernels.delete(program);
    kernel.destroy();
  }

  #create(program: Program, settings: object): GpuKernel {
    const { text, arrays, numbers } = program;
    if (this.#onTextures && arrays > textureUnits) throw tooManyError(arrays);
    const functions = functionsOf(text, this.#math);
    const arrayType = this.#onTextures ? "ArrayTexture(1)" : "Array";
    const kernel = this.#gpu.createKernel(text, {
      output: [1],
      dynamicOutput: true,
      dynamicArguments: true,
      pipeline: true,
      immutable: true,
      precision: "single",
      tactic: "precision",
      fixIntegerDivisionAccuracy: false,
      loopMaxIterations: 2 ** 24,
      functions,
      ...(this.#onTextures && { injectedNative: prototypesOf(functions) }),
      argumentTypes: [
        ...new Array<string>(arrays).fill(arrayType),
        ...new Array<string>(numbers).fill("Float"),
      ],
      ...settings,
    });
    if (this.mode === "webasm") kernel.kernel.moduleCacheLimit = wasmSizesPerKernel;
    return kernel;
  }

  #call(name: string, kernel: GpuKernel, args: readonly unknown[], size: number): DeviceArray {
    let result: DeviceArray;
    // gpu.js leaves out a uniform equal to that of the last run, and takes -0 for 0.
    const negativeZero = this.#onTextures && args.some((value) => Object.is(value, -0));
    if (negativeZero) kernel.kernel.uniform1fCache = {};
    try {
      kernel.setOutput([size]);
      result = kernel(...args);
      if (negativeZero) kernel.kernel.uniform1fCache = {};
    } catch (cause) {
      // A lost context makes everything fail, in words about shaders.
      this.ensureOpen();
      throw new BackendError("gpujs", `gpu.js must run the kernel ${name}`, {
        expected: `a result in mode ${this.mode}`,
        got: cause instanceof Error ? cause.message : String(cause),
        fix: 'Try another mode, such as gpujs({ mode: "cpu" }).',
      });
    }
    this.#ensureMode(name, kernel);
    if (this.#onTextures && this.#context === undefined) this.#watch(kernel);
    return result;
  }

  /** gpu.js goes over to JavaScript where a mode cannot do something; here nothing moves unasked. */
  #ensureMode(name: string, { kernel }: GpuKernel): void {
    const { mode } = kernel.constructor;
    if (mode === (this.#onTextures ? "gpu" : this.mode)) return;
    throw new BackendError("gpujs", `the kernel ${name} must run in the mode of the backend`, {
      expected: this.mode,
      got: String(mode),
    });
  }

  #watch({ kernel }: GpuKernel): void {
    this.#context = kernel.context ?? undefined;
    kernel.canvas?.addEventListener("webglcontextlost", () => this.#lose());
  }
}

function tooManyError(arrays: number): BackendError {
  return new BackendError("gpujs", "a WebGL kernel must read few arrays", {
    expected: `at most ${textureUnits}`,
    got: `${arrays}`,
    fix: "Do it in several steps.",
  });
}
