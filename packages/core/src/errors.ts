// Every error a user can meet, and its wording: `[op] what must hold: expected …, got …. fix`.

import { copyOf, thisCopy } from "./engine/tensor-class.js";

/** The parts of a message besides the rule: what was wanted, what came, what to do. */
export interface ErrorDetail {
  readonly expected: string;
  readonly got: string;
  readonly fix?: string;
}

/**
 * The base of all errors: the parts of the message are fields. Each class writes its name out, as
 * minifiers rename classes.
 */
export abstract class ChainruleError extends Error {
  /** The operation or function that refused. */
  readonly op: string;
  readonly expected: string;
  readonly got: string;
  /** What to do next; empty when there is nothing to add. */
  readonly fix: string;

  constructor(op: string, rule: string, detail: ErrorDetail) {
    const fix = detail.fix ?? "";
    super(
      `[${op}] ${rule}: expected ${detail.expected}, got ${detail.got}.${fix === "" ? "" : ` ${fix}`}`,
    );
    this.op = op;
    this.expected = detail.expected;
    this.got = detail.got;
    this.fix = fix;
  }
}

/** Shapes that do not fit together, or data that has none. */
export class ShapeError extends ChainruleError {
  override readonly name = "ShapeError";
}

/** A dtype an operation or a backend does not take. */
export class DTypeError extends ChainruleError {
  override readonly name = "DTypeError";
}

/** An axis outside the tensor, or named twice. */
export class AxisError extends ChainruleError {
  override readonly name = "AxisError";
}

/** An index outside its axis, or a malformed slice. */
export class IndexError extends ChainruleError {
  override readonly name = "IndexError";
}

/** An option or a number outside its range. */
export class ValueError extends ChainruleError {
  override readonly name = "ValueError";
}

/** A missing, closed, mixed or unsuitable backend. */
export class BackendError extends ChainruleError {
  override readonly name = "BackendError";
}

/** A tensor used after `dispose()`. */
export class DisposedError extends ChainruleError {
  override readonly name = "DisposedError";
}

/** A derivative that cannot be computed. */
export class GradientError extends ChainruleError {
  override readonly name = "GradientError";
}

/** A file or data set that is not what it should be. */
export class DataError extends ChainruleError {
  override readonly name = "DataError";
}

/** A fault of this library, never of its caller. */
export class InternalError extends ChainruleError {
  override readonly name = "InternalError";

  constructor(op: string, rule: string, detail: ErrorDetail) {
    super(`internal: ${op}`, rule, {
      ...detail,
      fix: "This is a fault in Chainrule: please report.",
    });
  }
}

/** A shape as it stands in messages: `[2, 3]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** A value as it stands in messages, short. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "function") return `a function${value.name === "" ? "" : ` ${value.name}`}`;
  if (Array.isArray(value))
    return value.length > 8 ? `an array of ${value.length}` : `[${value.map(formatValue)}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const copy = copyOf(value) ?? thisCopy;
  const origin =
    copy === thisCopy ? "" : ` of another copy of @chainrule/core, at ${copy.location}`;
  return `a ${value.constructor?.name ?? "object"}${origin}`;
}
