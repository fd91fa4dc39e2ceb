// What the expressions of a kernel read: inputs, axes, stages.

import { type Expr, type Load, walk } from "./expr.js";
import type { Kernel } from "./kernel.js";

/** For every stage of `kernel` the outer axes its value depends on, ascending. */
export function stageDependence(kernel: Kernel): readonly (readonly number[])[] {
  const known: number[][] = [];
  for (const stage of kernel.stages) known.push(outerAxesOf(kernel, [stage.value], known));
  return known;
}

function outerAxesOf(
  kernel: Kernel,
  roots: readonly Expr[],
  stages: readonly number[][],
): number[] {
  const axes = new Set<number>();
  walk(roots, (expr) => {
    if (expr.kind === "coord" && expr.axis < kernel.outer) axes.add(expr.axis);
    if (expr.kind === "stage") for (const axis of stages[expr.stage] ?? []) axes.add(axis);
  });
  return [...axes].sort((a, b) => a - b);
}

/**
 * The outer axes, outermost loop first: those that more stages depend on go outside, so that a stage
 * is computed once for the loops that it does not move with. `dependence` has the axes of each stage.
 */
export function outerOrder({ outer }: Kernel, dependence: readonly Iterable<number>[]): number[] {
  const weight = (axis: number): number =>
    dependence.filter((axes) => new Set(axes).has(axis)).length;
  return Array.from({ length: outer }, (_, axis) => axis).sort(
    (a, b) => weight(b) - weight(a) || a - b,
  );
}

/** The expressions of all stages and outputs. */
export function rootsOf(kernel: Kernel): Expr[] {
  return [...kernel.stages, ...kernel.outputs].map((part) => part.value);
}

/** The distinct loads of every input that is read. */
export function loadsByInput(kernel: Kernel): Map<number, Load[]> {
  const loads = new Map<number, Load[]>();
  walk(rootsOf(kernel), (expr) => {
    if (expr.kind !== "load") return;
    const known = loads.get(expr.input);
    if (known === undefined) loads.set(expr.input, [expr]);
    else known.push(expr);
  });
  return loads;
}
