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
 * const grid = layout([2, 3]);
 * coalesce(add, [grid, grid, grid]).layouts.map(({ shape }) => shape) // => [[6], [6], [6]]
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
      const still = at.every(isZero) || (stride === 0 && !at.some(isNamed));
      return still && !referred.has(`${o}.${d}`) ? [] : [[d]];
    }),
  );
  return { axes, dims };
}

/** Pass 2: which neighbouring axes, and with them which dimensions, become one. */
function mergers(kernel: Kernel, layouts: readonly Layout[]): Grouping {
  const joins = joinsOf(kernel, layouts);
  const chains = (axes: readonly number[]): number[][] => {
    const groups: number[][] = [];
    for (const axis of axes) {
      const last = groups.at(-1);
      if (last !== undefined && joins.get(last.at(-1) ?? -1) === axis) last.push(axis);
      else groups.push([axis]);
    }
    return groups;
  };
  const outer = chains(outerAxes(kernel));
  const loads = loadsByInput(kernel);
  const dims = layouts.map((operand, o) => {
    if (o >= kernel.inputs.length) return outer;
    const [load] = loads.get(o) ?? []; // all loads of an operand join the same dimensions
    const groups: number[][] = [];
    for (let d = 0; d < operand.ndim; d++) {
      const last = groups.at(-1);
      if (last !== undefined && load !== undefined && joinsAt(joins, load, d - 1)) last.push(d);
      else groups.push([d]);
    }
    return groups;
  });
  return { axes: [...outer, ...kernel.stages.flatMap((stage) => chains(stage.axes))], dims };
}

/** The axis that moves a dimension; -1 for none. */
type AxisOf = (d: number) => number;

/** joins[p] = q says that axes p and q, neighbours in that order, may become one. */
type Joins = ReadonlyMap<number, number>;

function joinsOf(kernel: Kernel, layouts: readonly Layout[]): Joins {
  const joins = new Map<number, number>();
  const inArithmetic = axesInArithmetic(kernel);
  for (const axes of [outerAxes(kernel), ...kernel.stages.map((stage) => stage.axes)])
    for (const [i, q] of axes.entries()) {
      const p = axes[i - 1];
      if (p !== undefined && !inArithmetic.has(p) && !inArithmetic.has(q)) joins.set(p, q);
    }
  const extents = extentsOf(kernel, layouts);
  const loads = loadsByInput(kernel);

  // Whether dimensions d and d + 1 of operand o may become one dimension for axes p and q: they lie
  // in one run, and no stage axis that stays alone takes its extent from one of them.
  const isOneRun = (o: number, d: number, p: number, q: number, axisOf: AxisOf): boolean => {
    const { shape = [], strides = [] } = layouts[o] ?? {};
    const [m, n = 0] = [extents[p], extents[q]];
    if (shape[d] !== m || shape[d + 1] !== n || isReferred(o, d)) return false;
    // Dimensions of one element are passed over, whatever their strides: the one before must go on.
    let left = d;
    while (shape[left] === 1 && joins.get(axisOf(left - 1)) === axisOf(left)) left--;
    return (shape[left] ?? 0) < 2 || n < 2 || strides[left] === (strides[d + 1] ?? 0) * n;
  };
  const isReferred = (o: number, d: number): boolean =>
    kernel.stages.some((stage) =>
      stage.axes.some((axis, i) => {
        const isJoined = joins.has(axis) || joins.get(stage.axes[i - 1] ?? -1) === axis;
        return !isJoined && [`${o}.${d}`, `${o}.${d + 1}`].includes(extentKey(kernel.axes[axis]));
      }),
    );
  /** Whether a load lets p and q merge; undefined when it moves with neither. */
  const allows = (o: number, load: Load, p: number, q: number): boolean | undefined => {
    const at = load.index.flatMap((_, d) => (axisAt(load, d) === p ? [d] : []));
    const next = load.index.flatMap((_, d) => (axisAt(load, d) === q ? [d] : []));
    const [d = -1] = at;
    if (at.length === 0 && next.length === 0) return undefined;
    if (at.length !== 1 || next.length !== 1 || !isOneRun(o, d, p, q, (at) => axisAt(load, at)))
      return false;
    return (loads.get(o) ?? []).every((other) => joinsAt(joins, other, d));
  };

  // To forbid one pair may forbid another where an operand is loaded twice, hence the repetition.
  for (let before = -1; before !== joins.size; ) {
    before = joins.size;
    for (const [p, q] of joins) {
      const isOuter = q < kernel.outer;
      const answers = [...loads].flatMap(([o, all]) => all.map((load) => allows(o, load, p, q)));
      if (isOuter)
        for (const o of kernel.outputs.keys())
          answers.push(isOneRun(kernel.inputs.length + o, p, p, q, (axis) => axis));
      // A pair that nothing moves with has no dimension to take the merged extent from.
      if (answers.includes(false) || !answers.includes(true)) joins.delete(p);
    }
  }
  return joins;
}

function axisAt(load: Load, d: number): number {
  const index = load.index[d];
  return index?.kind === "coord" ? index.axis : -1;
}

function joinsAt(joins: Joins, load: Load, d: number): boolean {
  const axis = axisAt(load, d);
  return axis >= 0 && joins.get(axis) === axisAt(load, d + 1);
}

function outerAxes(kernel: Kernel): number[] {
  return Array.from({ length: kernel.outer }, (_, axis) => axis);
}

function extentKey(extent: Extent | undefined): string {
  return typeof extent === "object" ? `${extent.operand}.${extent.dim}` : "";
}

/** Axes whose coordinate is used other than directly as an index. */
function axesInArithmetic(kernel: Kernel): Set<number> {
  const axes = new Set<number>();
  const add = (expr: Expr): void => {
    if (expr.kind === "coord") axes.add(expr.axis);
  };
  const roots = rootsOf(kernel);
  roots.forEach(add);
  walk(roots, (expr) => {
    if (expr.kind !== "load") operandsOf(expr).forEach(add);
    else if (expr.otherwise !== undefined) add(expr.otherwise);
  });
  return axes;
}
