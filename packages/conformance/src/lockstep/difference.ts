// What a comparison of two backends finds.

import type { DType } from "@chainrule/kernel";
import type { Tolerance } from "../tolerance.js";

/** Where in the run something happened. */
export interface Place {
  /** Its number in the run, from 0; arrays that were uploaded count too. */
  readonly index: number;
  /** The operation, or "upload". */
  readonly op: string;
  /**
   * Of the module or optimizer at work, from property names: `Net.features.3 (Conv2d)`, `Adam.step`.
   * In a backward pass that of the operation whose derivative is computed. "" outside all of them.
   */
  readonly path: string;
  readonly phase: "forward" | "backward" | "step";
  /** In a backward pass: the operation whose derivative is computed. */
  readonly derivativeOf?: string;
}

/** An operand: a number, or what the operation saw of an array. */
export type OperandView = number | ArrayView;

export interface ArrayView {
  /** The path of the parameter, buffer or gradient that it is; "" for any other array. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  /** Its first elements, row-major. */
  readonly values: readonly number[];
  /** What wrote it. */
  readonly from: Pick<Place, "index" | "op">;
}

/** Both backends did the same. */
export interface Agreement {
  readonly same: true;
  /** How many operations were compared. */
  readonly operations: number;
  /** The operation whose results were furthest apart; null when all were equal. */
  readonly worst: (Place & { readonly ulp: number; readonly tolerance: Tolerance }) | null;
}

interface DifferenceAt extends Place {
  readonly same: false;
  readonly inputs: readonly OperandView[];
}

/** The function ran other operations on one backend than on the other. */
export interface SequenceDifference extends DifferenceAt {
  readonly kind: "sequence";
  /** What ran on the first backend and on the second. */
  readonly expected: string;
  readonly got: string;
}

/** The second backend refused what the first one did. */
export interface RefusalDifference extends DifferenceAt {
  readonly kind: "error";
  /** What ran on the first backend, and what was thrown on the second instead. */
  readonly expected: string;
  readonly got: unknown;
}

/**
 * Elements differ:
 * - "value": the operation gives something else of the same operands.
 * - "leaf": an array or a number that no operation made. `op` is "upload" when the backend holds
 *   something else than it was given, "tensor" when the function made another array, the name of the
 *   operation when it passed another number.
 * - "memory": an operand is not what was written to it: `from` tells by what, `operand` which one.
 */
export interface ElementDifference extends DifferenceAt {
  readonly kind: "value" | "leaf" | "memory";
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The worst element, by its index along each axis. */
  readonly position: readonly number[];
  readonly expected: number;
  readonly got: number;
  /** How far apart they are, and how far they may be. */
  readonly ulp: number;
  readonly tolerance: Tolerance;
  /** How many elements are too far off. */
  readonly count: number;
  /** Which operand, when it is about one. */
  readonly operand?: number;
}

export type Difference = SequenceDifference | RefusalDifference | ElementDifference;

/** What {@link compareBackends} finds. */
export type Comparison = Agreement | Difference;
