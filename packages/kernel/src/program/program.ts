// A program: the kernels of a whole traced function in order, and the buffers between them. Plain
// data, made by recording; the rewrites beside this file each turn a program into an equal one.

import type { DType, TypedArray } from "../dtype.js";
import type { BufferHandle, Kernel, Operand } from "../kernel.js";
import type { Layout } from "../layout.js";

/**
 * What a buffer of a program is to its caller:
 * - `input` is given at each run and only read;
 * - `state` is given at each run and may be changed;
 * - `output` is given at each run, without contents, and filled;
 * - `constant` holds the same elements in every run;
 * - `temporary` exists within a run.
 */
export type BufferRole = "input" | "state" | "output" | "constant" | "temporary";

/** An array of a program, numbered by its place in {@link Program.buffers}. */
export interface ProgramBuffer {
  readonly role: BufferRole;
  readonly dtype: DType;
  /** In elements. */
  readonly length: number;
  /** The elements of a constant. */
  readonly data?: TypedArray;
  /** For people: which argument or parameter it is. */
  readonly label: string;
}

/** A buffer seen through a layout, starting at element `offset`. */
export interface View {
  readonly buffer: number;
  readonly layout: Layout;
  readonly offset: number;
}

/** The part of a training step that a call belongs to. */
export type Phase = "forward" | "backward" | "update";

/** An operation as it was recorded, for people. */
export interface Origin {
  readonly op: string;
  readonly phase: Phase;
  /** The layers it ran in, outermost first, such as "Sequential.Linear"; empty outside of layers. */
  readonly path: string;
}

/** One kernel and what it is run on. Its extents are numbers, and it has no scalars. */
export interface KernelCall {
  readonly kind: "kernel";
  readonly kernel: Kernel;
  readonly inputs: readonly View[];
  readonly outputs: readonly View[];
  /** The operations that were fused into it, in order. */
  readonly origins: readonly Origin[];
}

/** Work that is no kernel: a routine or an operation of the backend's own. */
export interface OwnCall {
  readonly kind: "own";
  readonly inputs: readonly View[];
  readonly outputs: readonly View[];
  readonly origins: readonly Origin[];
  run(inputs: readonly Operand[], outputs: readonly Operand[]): void;
}

export type ProgramCall = KernelCall | OwnCall;

/** "At the end of a run the elements of `value` become those of `target`, a state or an output." */
export interface Result {
  readonly target: number;
  readonly value: number;
}

/**
 * Calls in order, then results, all at once. Every buffer but states and outputs is written by the
 * calls before any that reads it; calls write temporaries only until results are placed (see
 * `place.ts`), from when on they write states and outputs themselves and there are no results.
 */
export interface Program {
  readonly name: string;
  readonly buffers: readonly ProgramBuffer[];
  readonly calls: readonly ProgramCall[];
  readonly results: readonly Result[];
}

/** A program ready to run. */
export interface CompiledProgram {
  /** Has the runs to come use `buffer`, from element `offset` on, as buffer `index` of the program. */
  bind(index: number, buffer: BufferHandle, offset: number): void;
  run(): void;
  /** Gives back what it holds. */
  dispose(): void;
}

/** The indices of the buffers that the caller binds: all but constants and temporaries. */
export function boundBuffers(program: Program): number[] {
  return program.buffers.flatMap(({ role }, index) =>
    role === "constant" || role === "temporary" ? [] : [index],
  );
}
