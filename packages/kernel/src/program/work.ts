// How often the loops of a kernel compute each of its expressions, as generators lay them out: see
// `generate/loop-nest.ts`.

import { outerOrder, stageDependence } from "../dependence.js";
import { type Expr, operandsOf, walk } from "../expr.js";
import type { Kernel } from "../kernel.js";
import { sizeOf } from "../layout.js";

/** The turns of loops of one kernel whose extents are numbers. */
export interface Work {
  /** Outer axes, outermost loop first: those that more stages depend on go outside. */
  readonly order: readonly number[];
  /** How often an expression is computed: what does not move with inner loops, outside of them. */
  turnsOf(expr: Expr): number;
  /** At how many positions of the axes it moves with an expression is needed. */
  positionsOf(expr: Expr): number;
  /** Of each stage: how often it starts anew, and at how many positions of axes it depends on. */
  readonly stages: readonly { readonly turns: number; readonly positions: number }[];
}

export function workOf(kernel: Kernel): Work {
  const extentOf = (axis: number): number => Number(kernel.axes[axis] ?? 1);
  const turns = (axes: readonly number[]): number =>
    axes.reduce((all, axis) => all * extentOf(axis), 1);
  const dependence = stageDependence(kernel);
  const order = outerOrder(kernel, dependence);
  const outside = (axes: ReadonlySet<number>): number[] =>
    order.slice(0, 1 + order.findLastIndex((axis) => axes.has(axis)));

  const known = new Map<Expr, ReadonlySet<number>>();
  const axesOf = (expr: Expr): ReadonlySet<number> => {
    const found = known.get(expr);
    if (found !== undefined) return found;
    const axes = new Set(expr.kind === "stage" ? dependence[expr.stage] : []);
    if (expr.kind === "coord") axes.add(expr.axis);
    for (const operand of operandsOf(expr)) for (const axis of axesOf(operand)) axes.add(axis);
    known.set(expr, axes);
    return axes;
  };
  const stages = dependence.map((axes) => ({
    turns: turns(outside(new Set(axes))),
    positions: turns(axes),
  }));
  const turnsOf = (expr: Expr): number => {
    const axes = axesOf(expr);
    for (const [s, stage] of kernel.stages.entries()) {
      const last = stage.axes.findLastIndex((axis) => axes.has(axis));
      if (last >= 0) return (stages[s]?.turns ?? 1) * turns(stage.axes.slice(0, last + 1));
    }
    return turns(outside(axes));
  };
  const positionsOf = (expr: Expr): number => turns([...axesOf(expr)]);
  return { order, turnsOf, positionsOf, stages };
}

/** The number of distinct expressions below `roots`, leaves aside. */
export function countOperations(roots: readonly Expr[]): number {
  let count = 0;
  walk(roots, (expr) => {
    if (operandsOf(expr).length > 0 && expr.kind !== "load") count++;
  });
  return count;
}

/** A matrix product of fewer multiplications is better part of a larger kernel than on its own. */
const smallProduct = 512;

/** Whether a kernel is a matrix product for which there are faster loops than the plain ones. */
export function isLargeProduct({ contraction, axes, stages }: Kernel): boolean {
  if (contraction === undefined) return false;
  const { batch, m, n } = contraction;
  const all = [...batch, ...m, ...n, ...(stages[contraction.stage]?.axes ?? [])];
  return sizeOf(all.map((axis) => Number(axes[axis] ?? 1))) >= smallProduct;
}
