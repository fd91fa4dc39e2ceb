// The contract between core and a backend: memory, kernels, and what it can do. A backend is a value
// made by a factory such as `js()`; it knows nothing of tensors, shape rules, dtype promotion or
// gradients. Storage plus the shipped interpreter is a complete one: see `interpreter-backend.ts`.

import type {
  BufferHandle,
  CompiledKernel,
  CompiledProgram,
  DType,
  Kernel,
  Layout,
  Operand,
  Program,
  Reducer,
  TypedArray,
} from "@chainrule/kernel";

/** The version of this contract, checked when a backend is attached. */
export const contractVersion = 1;

/** What a backend can do; the conformance suite chooses its cases by this. */
export interface Capabilities {
  /** The dtypes it stores and computes in. */
  readonly dtypes: readonly DType[];
  /** Whether `readSync` works: memory is reachable from JavaScript without waiting. */
  readonly syncRead: boolean;
  /** "ieee" when NaN and infinities behave as IEEE 754 says in every kernel. */
  readonly nan: "ieee" | "best-effort";
  /** Whether int32 arithmetic is exact over the full 32 bits. */
  readonly exactInt32: boolean;
  /**
   * Whether floats between 0 and the smallest normal one count; false where they are taken as 0, as on
   * many GPUs. Default true.
   */
  readonly subnormals?: boolean;
  /** The largest single allocation, in bytes. */
  readonly maxBufferBytes: number;
}

/** What runs where, for people: shown by `backend.info()`. */
export interface BackendInfo {
  readonly name: string;
  readonly device: string;
  readonly threads: number;
  /** Optional features, each "on" or the reason why it is off. */
  readonly features: Readonly<Record<string, string>>;
  /** Routines computed in JavaScript on the host instead of on the device. */
  readonly hostRoutines: readonly string[];
}

/** Why a device went away. */
export interface LostInfo {
  readonly reason: string;
}

/** How a scan combines elements. */
export type ScanReducer = Exclude<Reducer, "argmax" | "argmin">;

/**
 * Work that is not a loop nest. Each has a decomposition into kernels, so all are optional.
 */
export interface Routines {
  /**
   * `output = base`, then `output[…, index[p], …] += source[p]` along `axis` for every position p of
   * `source`; an index outside the axis is skipped. All but `axis` have equal extents.
   */
  scatterAdd(base: Operand, index: Operand, source: Operand, axis: number, output: Operand): void;
  /**
   * `output[…, i, …]` = the elements `x[…, 0, …]` to `x[…, i, …]` along `axis` combined, converted to
   * the dtype of `output` first. Ints wrap; NaN wins max and min.
   */
  scan(x: Operand, axis: number, reduce: ScanReducer, output: Operand): void;
  /**
   * `output` (int32) = the position of each element of `x` once its line along `axis` is sorted.
   * Equal elements, -0 and 0 included, keep their order; NaN is greater than everything.
   */
  rank(x: Operand, axis: number, descending: boolean, output: Operand): void;
}

/**
 * A backend's own version of an operation, used where `accepts` says so. `attrs` are those of the
 * operation, such as `ConvAttrs` and `WindowsAttrs`.
 */
export interface OpOverride {
  /** Whether this version handles operands of these layouts and dtypes. */
  accepts(layouts: readonly Layout[], dtypes: readonly DType[], attrs: unknown): boolean;
  run(inputs: readonly Operand[], outputs: readonly Operand[], attrs: unknown): void;
}

/** Overrides by the name of the operation. */
export type OpTable = Readonly<Record<string, OpOverride>>;

/** Compiles the program at hand to JavaScript, of whose text `evaluate` makes a value. */
export type InJavaScript = (evaluate: (source: string) => unknown) => CompiledProgram;

/** An engine that stores arrays and runs kernels. */
export interface Backend {
  readonly name: string;
  /** The contract version it was written for. */
  readonly contract: number;
  readonly capabilities: Capabilities;
  /** Memory for `length` elements, contents undefined. */
  allocate(length: number, dtype: DType): BufferHandle;
  /** Memory holding a copy of `data`. */
  upload(data: TypedArray, dtype: DType): BufferHandle;
  /** Copies `data` into `handle` from element `offset` on. */
  write(handle: BufferHandle, offset: number, data: TypedArray): void;
  /** A copy of `length` elements from element `offset` on, as the work queued before leaves them. */
  read(handle: BufferHandle, offset: number, length: number): Promise<TypedArray>;
  /** The same at once; present exactly when `capabilities.syncRead`. */
  readSync?(handle: BufferHandle, offset: number, length: number): TypedArray;
  /** Gives memory back; the handle is never used again, and none of its reads is on its way. */
  free(handle: BufferHandle): void;
  /**
   * Makes `kernel` ready to run. Called once per distinct kernel, and once for each program that it is
   * part of; the engine keeps the result.
   */
  compileKernel(kernel: Kernel): CompiledKernel;
  /**
   * Makes a whole recorded function ready to run; without it, the kernels are run one by one. For
   * backends whose handles are `{ data: TypedArray }` there is `inJavaScript`: it generates one
   * function over one arena, which `evaluate` makes of its text.
   */
  compileProgram?(program: Program, inJavaScript: InJavaScript): CompiledProgram;
  readonly routines?: Partial<Routines>;
  readonly ops?: OpTable;
  info(): BackendInfo;
  /** Resolves when all queued work is done. */
  ready(): Promise<void>;
  /** Resolves, with the reason, if the device goes away; from then on work or its reads fail. */
  readonly lost: Promise<LostInfo>;
  /** Frees everything; using the backend afterwards is an error, except for `free`. */
  close(): Promise<void>;
}
