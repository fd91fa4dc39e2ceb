// Index expressions that are sums of coordinates times numbers: what a load at such indices reads is
// a strided view.

import type { Expr } from "@chainrule/kernel";

/** `start + Σ steps(axis) · coordinate(axis)`. */
export interface Affine {
  readonly start: number;
  readonly steps: ReadonlyMap<number, number>;
}

const fixed: ReadonlyMap<number, number> = new Map();

/** `expr` as a sum over coordinates, given the scalars of the run; undefined when it is none. */
export function affine(expr: Expr, scalars: readonly number[]): Affine | undefined {
  switch (expr.kind) {
    case "const":
      return { start: expr.value, steps: fixed };
    case "scalar":
      return { start: scalars[expr.index] ?? 0, steps: fixed };
    case "coord":
      return { start: 0, steps: new Map([[expr.axis, 1]]) };
    case "call":
      break;
    default:
      return undefined;
  }
  const [a, b] = expr.args.map((arg) => affine(arg, scalars));
  if (a === undefined) return undefined;
  if (expr.fn === "neg") return combined(a, -1);
  if (b === undefined) return undefined;
  switch (expr.fn) {
    case "add":
      return combined(a, 1, b, 1);
    case "sub":
      return combined(a, 1, b, -1);
    case "mul":
      if (b.steps.size === 0) return combined(a, b.start);
      return a.steps.size === 0 ? combined(b, a.start) : undefined;
    default:
      return undefined;
  }
}

const zero: Affine = { start: 0, steps: fixed };

/** The sum of `a` times `p` and `b` times `q`. */
export function combined(a: Affine, p: number, b: Affine = zero, q = 0): Affine {
  const steps = new Map<number, number>();
  for (const [axis, step] of a.steps) steps.set(axis, step * p);
  for (const [axis, step] of b.steps) steps.set(axis, (steps.get(axis) ?? 0) + step * q);
  return { start: a.start * p + b.start * q, steps };
}
