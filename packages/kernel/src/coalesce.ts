// Makes the loops of a kernel as few as the concrete layouts allow, so that elementwise kernels over
// contiguous arrays become one flat loop. Sizes decide what is merged but never appear in the
// result, which is therefore shared, by its key, between all sizes that merge alike.

import { loadsByInput, rootsOf } from "./dependence.js";
import { type Expr, type Load, operandsOf, walk } from "./expr.js";
import { type Extent, extentsOf, type Kernel } from "./kernel.js";
import type { Layout } from "./layout.js";
import { type Coalesced, type Grouping, regroup } from "./regroup.js";
import { simplifyKernel } from "./simplify.js";

/**
 * An equal computation with fewer axes and dimensions for operands in `layouts` (inputs, then
 * outputs): axes of extent 1 disappear, dimensions that do not move an input's address disappear,
 * and neighbouring axes merge where every operand that moves with them lies in one run. Offsets stay.
 *
 * The m, n and k axes of a contraction note stay, merged among their like.
 *
 * @example
 * coalesce(add, [layout([2, 3]), layout([2, 3]), layout([2, 3])]).layouts // three times layout([6])
 */
export function coalesce(kernel: Kernel, layouts: readonly Layout[]): Coalesced {
  const shrunk = regroup(kernel, layouts, survivors(kernel, layouts));
  // An index may become a plain coordinate once axes are gone, as in a 1 × 1 convolution.
  const isSmaller = shrunk.kernel.axes.length < kernel.axes.length;
  const simple = isSmaller ? simplifyKernel(shrunk.kernel) : shrunk.kernel;
  return regroup(simple, shrunk.layouts, mergers(simple, shrunk.layouts));
}

/** Pass 1: which axes and dimensions stay. */
function survivors(kernel: Kernel, layouts: readonly Layout[]): Grouping {
  const { m = [], n = [], k = [] } = kernel.contraction ?? {};
  const named = new Set([...m, ...n, ...k]);
  const dropped = new Set<number>();
  for (const [axis, extent] of extentsOf(kernel, layouts).entries())
    if (extent === 1 && !named.has(axis)) dropped.add(axis);
  const axes = kernel.axes.flatMap((_, axis) => (dropped.has(axis) ? [] : [[axis]]));
  const loads = loadsByInput(kernel);
  const aliased = new Set(kernel.outputs.map((output) => output.aliases));
  // An outer axis finds its extent in output 0 instead, a stage axis has only what it refers to.
  const referred = new Set<string>();
  for (const [axis] of axes)
    if (axis !== undefined && axis >= kernel.outer) referred.add(extentKey(kernel.axes[axis]));

  const dims = layouts.map((operand, o) =>
    operand.strides.flatMap((stride, d) => {
      if (o >= kernel.inputs.length) return dropped.has(d) ? [] : [[d]];
      const isZero = (index: Expr | undefined): boolean =>
        (index?.kind === "coord" && dropped.has(index.axis)) ||
        (index?.kind === "const" && index.value === 0);
      const isNamed = (index: Expr | undefined): boolean =>
        index?.kind === "coord" && named.has(index.axis);
      const at = (loads.get(o) ?? []).map((load) => load.index[d]);
      const still = at.every(isZero) || (stride === 0 && !aliased.has(o) && !at.some(isNamed));
      return still && !referred.has(`${o}.${d}`) ? [] : [[d]];
    }),
  );
  return { axes, dims };
}

/** Pass 2: which neighbouring axes, and with them which dimensions, become one. */
function mergers(kernel: Kernel, layouts: readonly Layout[]): Grouping {
  const extents = extentsOf(kernel, layouts);
  const extent = (axis: number): number => extents[axis] ?? 0;
  // joins[p] = q says that axes p and q, neighbours in that order, may become one.
  const joins = new Map<number, number>();
  const outer = Array.from({ length: kernel.outer }, (_, axis) => axis);
  for (const axes of [outer, ...kernel.stages.map((stage) => stage.axes)])
    for (const [i, q] of axes.entries()) {
      const p = axes[i - 1];
      if (p !== undefined) joins.set(p, q);
    }
  const unjoin = (axis: number): void => {
    joins.delete(axis);
    for (const [p, q] of joins) if (q === axis) joins.delete(p);
  };
  for (const axis of axesInArithmetic(kernel)) unjoin(axis);

  // Whether dimensions d and d + 1 of an operand lie in one run for axes p and q.
  const oneRun = (operand: Layout | undefined, d: number, p: number, q: number): boolean => {
    if (operand?.shape[d] !== extent(p) || operand.shape[d + 1] !== extent(q)) return false;
    if (extent(p) < 2 || extent(q) === 0) return true;
    return operand.strides[d] === (operand.strides[d + 1] ?? 0) * extent(q);
  };
  const loads = loadsByInput(kernel);
  const axisAt = (load: Load, d: number): number => {
    const index = load.index[d];
    return index?.kind === "coord" ? index.axis : -1;
  };
  const joinsAt = (load: Load, d: number): boolean =>
    joins.get(axisAt(load, d)) === axisAt(load, d + 1) && axisAt(load, d) >= 0;
  // A stage axis that stays alone needs the dimension that it takes its extent from.
  const isReferred = (o: number, d: number): boolean =>
    kernel.stages.some((stage) =>
      stage.axes.some((axis, i) => {
        const joined = joins.has(axis) || joins.get(stage.axes[i - 1] ?? -1) === axis;
        return !joined && extentKey(kernel.axes[axis]) === `${o}.${d}`;
      }),
    );

  // A load that cannot merge a pair forbids it to all; forbidding one pair may forbid another where
  // an operand is loaded twice, hence the repetition.
  for (let before = -1; before !== joins.size; ) {
    before = joins.size;
    for (const [p, q] of joins) {
      let used = q < kernel.outer;
      const fitsOutputs = layouts.every((out, o) => {
        if (o < kernel.inputs.length || q >= kernel.outer) return true;
        return oneRun(out, p, p, q) && !isReferred(o, p) && !isReferred(o, q);
      });
      const fitsLoads = [...loads].every(([o, all]) =>
        all.every((load) => {
          const at = load.index.flatMap((_, d) => (axisAt(load, d) === p ? [d] : []));
          const next = load.index.flatMap((_, d) => (axisAt(load, d) === q ? [d] : []));
          if (at.length === 0 && next.length === 0) return true;
          const [d = -1] = at;
          used = true;
          return (
            at.length === 1 &&
            next.length === 1 &&
            next[0] === d + 1 &&
            oneRun(layouts[o], d, p, q) &&
            !isReferred(o, d) &&
            !isReferred(o, d + 1) &&
            all.every((other) => joinsAt(other, d))
          );
        }),
      );
      if (!fitsOutputs || !fitsLoads || !used) joins.delete(p);
    }
  }

  const starts = (axes: readonly number[]): number[][] => {
    const groups: number[][] = [];
    for (const axis of axes) {
      const last = groups.at(-1);
      if (last !== undefined && joins.get(last.at(-1) ?? -1) === axis) last.push(axis);
      else groups.push([axis]);
    }
    return groups;
  };
  const axes = [...starts(outer), ...kernel.stages.flatMap((stage) => starts(stage.axes))];
  const dims = layouts.map((operand, o) => {
    if (o >= kernel.inputs.length) return starts(outer);
    const [load] = loads.get(o) ?? [];
    const groups: number[][] = [];
    for (let d = 0; d < operand.ndim; d++) {
      const last = groups.at(-1);
      if (last !== undefined && load !== undefined && joinsAt(load, d - 1)) last.push(d);
      else groups.push([d]);
    }
    return groups;
  });
  return { axes, dims };
}

function extentKey(extent: Extent | undefined): string {
  return typeof extent === "object" ? `${extent.operand}.${extent.dim}` : "";
}

/** Axes whose coordinate is used other than directly as an index. */
function axesInArithmetic(kernel: Kernel): Set<number> {
  const axes = new Set<number>();
  const note = (expr: Expr): void => {
    if (expr.kind === "coord") axes.add(expr.axis);
  };
  const roots = rootsOf(kernel);
  roots.forEach(note);
  walk(roots, (expr) => {
    for (const operand of operandsOf(expr))
      if (expr.kind !== "load" || !expr.index.includes(operand)) note(operand);
    if (expr.kind !== "load") return;
    if (expr.guard !== undefined) note(expr.guard);
    if (expr.otherwise !== undefined) note(expr.otherwise);
  });
  return axes;
}
