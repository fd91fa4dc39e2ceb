// Index arithmetic that is a weighted sum of coordinates.

import { call, constant, coord, type Expr } from "../expr.js";

/** `offset` + the sum of `steps[axis]` × the coordinate along `axis`. */
export interface Affine {
  readonly offset: number;
  readonly steps: ReadonlyMap<number, number>;
}

/** `expr` as a weighted sum of coordinates, if it is one. */
export function affineOf(expr: Expr): Affine | undefined {
  if (expr.kind === "const") return { offset: expr.value, steps: new Map() };
  if (expr.kind === "coord") return { offset: 0, steps: new Map([[expr.axis, 1]]) };
  if (expr.kind !== "call") return undefined;
  const [x, y] = expr.args.map(affineOf);
  if (x === undefined) return undefined;
  switch (expr.fn) {
    case "copy":
      return x;
    case "neg":
      return scaled(x, -1);
    case "add":
      return y && sum(x, y);
    case "sub":
      return y && sum(x, scaled(y, -1));
    case "mul":
      if (y?.steps.size === 0) return scaled(x, y.offset);
      return x.steps.size === 0 ? y && scaled(y, x.offset) : undefined;
    default:
      return undefined;
  }
}

export function sum(x: Affine, y: Affine): Affine {
  const steps = new Map(x.steps);
  for (const [axis, step] of y.steps) steps.set(axis, (steps.get(axis) ?? 0) + step);
  return { offset: x.offset + y.offset, steps };
}

export function scaled({ offset, steps }: Affine, factor: number): Affine {
  return {
    offset: offset * factor,
    steps: new Map([...steps].map(([axis, step]) => [axis, step * factor])),
  };
}

/** `offset` + the sum of `factor` × `expr` over `terms`, all int32. */
export function weightedSum(offset: number, terms: readonly (readonly [Expr, number])[]): Expr {
  let total: Expr | undefined;
  for (const [expr, factor] of terms) {
    const term = factor === 1 ? expr : call("mul", expr, factor);
    total = total === undefined ? term : call("add", total, term);
  }
  if (total === undefined) return constant(offset, "int32");
  return offset === 0 ? total : call("add", total, offset);
}

/** The coordinate expressions of axes 0 to `count` - 1. */
export function firstCoords(count: number): Expr[] {
  return Array.from({ length: count }, (_, axis) => coord(axis));
}
