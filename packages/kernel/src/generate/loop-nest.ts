// The order of work of a kernel, for every generator that writes loops: which outer loop encloses
// which, at what depth each stage and each value used more than once is computed, and which loop is
// taken four turns at a time. Data only; `print-nest.ts` turns it into text.

import { outerOrder } from "../dependence.js";
import { type Expr, operandsOf, walk } from "../expr.js";
import { type Kernel, operandAt, type Stage } from "../kernel.js";
import { type Address, addressOf, immediate } from "./address.js";
import { shareNodes } from "./share.js";

/** What is computed on entering a turn of a loop, in order. */
export interface Level {
  /** The axis its loop runs over; none at the root. */
  readonly axis: number | undefined;
  readonly steps: readonly Step[];
}

/** A value that gets a name, or a reduction. */
export type Step = { readonly kind: "value"; readonly expr: Expr } | StageStep;

export interface StageStep {
  readonly kind: "stage";
  readonly stage: number;
  /** One level per axis, outermost first; no levels for a stage without axes. */
  readonly loops: readonly Level[];
  /** Whether the innermost loop may keep several partial results. */
  readonly unrolled: boolean;
}

/** An array element that is read or written. */
export interface Access {
  readonly operand: number;
  readonly address: Address;
  /** The axes that the part of the address which is not linear depends on. */
  readonly restAxes: ReadonlySet<number>;
}

export interface LoopNest {
  /** The kernel, with equal expressions made one node. */
  readonly kernel: Kernel;
  /** The root, then one level for each outer axis, outermost loop first. */
  readonly levels: readonly Level[];
  /** The axes a node depends on, those of stages it uses included. */
  axesOf(expr: Expr): ReadonlySet<number>;
  readonly loads: ReadonlyMap<Expr, Access>;
  readonly stores: readonly Access[];
  /**
   * An outer axis whose loop takes four turns at a time, each with its own totals: neighbours in
   * memory are then read together where a reduction walks across rows.
   */
  readonly blocked: number | undefined;
}

interface MutableLevel extends Level {
  readonly steps: Step[];
}

interface MutableStageStep extends StageStep {
  readonly loops: MutableLevel[];
}

/** Lays out the loops of `kernel`; `rewrite` adapts its expressions to a language first. */
export function planLoopNest(kernel: Kernel, rewrite?: (expr: Expr) => Expr): LoopNest {
  const shared = shareNodes(kernel, rewrite);
  const axesOf = dependence(shared);
  const stageAxes = shared.stages.map((stage) => withoutAxes(axesOf(stage.value), stage.axes));
  const order = outerOrder(shared, stageAxes);
  const depthOf = (axes: ReadonlySet<number>): number =>
    1 + Math.max(-1, ...[...axes].map((axis) => order.indexOf(axis)));

  const loads = accesses(shared, axesOf);
  const levels = [undefined, ...order].map((axis): MutableLevel => ({ axis, steps: [] }));
  const depths = stageAxes.map(depthOf);
  const deepest = Math.max(0, ...depths);
  const blocked = blockedAxis(
    shared,
    shared.stages.filter((_, s) => depths[s] === deepest),
    order[deepest - 1],
    loads,
  );
  const stages = shared.stages.map(
    (stage, s): MutableStageStep => ({
      kind: "stage",
      stage: s,
      loops: reductionOrder(stage, loads).map((axis) => ({ axis, steps: [] })),
      unrolled: (blocked === undefined || depths[s] !== deepest) && unrollable(stage),
    }),
  );

  /** The level at which a value with these axes does not move any more. */
  const homeOf = (axes: ReadonlySet<number>): MutableLevel => {
    for (const stage of stages)
      for (const level of stage.loops.toReversed())
        if (level.axis !== undefined && axes.has(level.axis)) return level;
    return at(levels, depthOf(axes));
  };
  const copied = (expr: Expr): boolean => blocked === undefined || axesOf(expr).has(blocked);
  const place = valuePlacer(shared, axesOf, homeOf, copied);
  for (const [s, stage] of stages.entries()) {
    const home = at(levels, depths[s] ?? 0);
    place(at(shared.stages, s).value, stage.loops.at(-1) ?? home);
    home.steps.push(stage);
  }
  for (const output of shared.outputs) place(output.value, at(levels, levels.length - 1));

  const outer = Array.from({ length: shared.outer }, (_, axis) => axis);
  const stores = shared.outputs.map((output, o) => ({
    operand: shared.inputs.length + o,
    address: addressOf(
      outer.map((axis) => ({ kind: "coord", dtype: "int32", axis })),
      output.strides,
    ),
    restAxes: new Set<number>(),
  }));
  return { kernel: shared, levels, axesOf, loads, stores, blocked };
}

function dependence(kernel: Kernel): (expr: Expr) => ReadonlySet<number> {
  const known = new Map<Expr, ReadonlySet<number>>();
  const axesOf = (expr: Expr): ReadonlySet<number> => {
    const found = known.get(expr);
    if (found !== undefined) return found;
    const axes = new Set<number>();
    if (expr.kind === "coord") axes.add(expr.axis);
    if (expr.kind === "stage") {
      const stage = at(kernel.stages, expr.stage);
      for (const axis of withoutAxes(axesOf(stage.value), stage.axes)) axes.add(axis);
    }
    for (const operand of operandsOf(expr)) for (const axis of axesOf(operand)) axes.add(axis);
    known.set(expr, axes);
    return axes;
  };
  return axesOf;
}

function accesses(kernel: Kernel, axesOf: LoopNest["axesOf"]): Map<Expr, Access> {
  const loads = new Map<Expr, Access>();
  walk(rootsOf(kernel), (expr) => {
    if (expr.kind !== "load") return;
    const address = addressOf(expr.index, operandAt(kernel, expr.input).strides);
    const restAxes = new Set(address.rest.flatMap((term) => [...axesOf(term.expr)]));
    loads.set(expr, { operand: expr.input, address, restAxes });
  });
  return loads;
}

function rootsOf(kernel: Kernel): Expr[] {
  return [...kernel.stages, ...kernel.outputs].map((root) => root.value);
}

/** The axes of a stage with one that walks memory by single elements innermost, where order is free. */
function reductionOrder(stage: Stage, loads: ReadonlyMap<Expr, Access>): readonly number[] {
  if (stage.reduce === "argmax" || stage.reduce === "argmin") return stage.axes;
  const dense = (axis: number): number =>
    loadsIn(stage, loads).filter(({ address }) => immediate(address.axes.get(axis)) === 1).length;
  const counts = new Map(stage.axes.map((axis) => [axis, dense(axis)]));
  const last = stage.axes.at(-1);
  const best = Math.max(0, ...counts.values());
  if (last === undefined || counts.get(last) === best) return stage.axes;
  const inner = stage.axes.findLast((axis) => counts.get(axis) === best) ?? last;
  return [...stage.axes.filter((axis) => axis !== inner), inner];
}

/** Copies of larger expressions cost more in code than they gain. */
const nodesWorthCopying = 24;

/** Four independent totals hide the latency of additions: 1.5x on sums, measured on Node 20 and 24. */
function unrollable(stage: Stage): boolean {
  const free = stage.reduce === "sum" || stage.reduce === "max" || stage.reduce === "min";
  return free && stage.axes.length > 0 && countNodes([stage.value]) <= nodesWorthCopying;
}

/**
 * The loop right outside the innermost stages, if these read neighbours along it but stride along
 * their own axis. Column sums of [64, 128] are 2.3 times faster so, [1024, 1024] twice; a buffer
 * for a row of totals lost to plain strided loops (1.7 times slower).
 */
function blockedAxis(
  kernel: Kernel,
  stages: readonly Stage[],
  axis: number | undefined,
  loads: ReadonlyMap<Expr, Access>,
): number | undefined {
  if (axis === undefined || countNodes(rootsOf(kernel)) > 2 * nodesWorthCopying) return undefined;
  let gains = false;
  for (const stage of stages) {
    const inner = reductionOrder(stage, loads).at(-1);
    if (inner === undefined) return undefined;
    for (const { address, restAxes } of loadsIn(stage, loads)) {
      const across = immediate(address.axes.get(axis));
      if (restAxes.has(axis) || (across !== 0 && across !== 1)) return undefined;
      gains ||= across === 1 && immediate(address.axes.get(inner)) === undefined;
    }
  }
  return gains ? axis : undefined;
}

function loadsIn(stage: Stage, loads: ReadonlyMap<Expr, Access>): Access[] {
  const found: Access[] = [];
  walk([stage.value], (expr) => {
    const access = loads.get(expr);
    if (access !== undefined) found.push(access);
  });
  return found;
}

function countNodes(roots: readonly Expr[]): number {
  let count = 0;
  walk(roots, () => count++);
  return count;
}

/** Decides which nodes get a name, and where: see the numbered rules. */
function valuePlacer(
  kernel: Kernel,
  axesOf: LoopNest["axesOf"],
  homeOf: (axes: ReadonlySet<number>) => MutableLevel,
  copied: (expr: Expr) => boolean,
): (root: Expr, level: MutableLevel) => void {
  const uses = countUses(kernel);
  const bare = bareLoads();
  const seen = { always: new Set<Expr>(), perhaps: new Set<Expr>() };

  const enter = (expr: Expr, user: MutableLevel, always: boolean, copies: boolean): void => {
    // 1. Leaves have a name already.
    if (operandsOf(expr).length === 0 && expr.kind !== "load") return;
    // 2. What is perhaps not needed, inside a guard, is not computed ahead if it may read out of
    //    range; it is written out where it is used.
    const safe = always || !bare(expr);
    const home = homeOf(axesOf(expr));
    // 3. A name is for what is used more often than computed: outside a loop, by several nodes, or
    //    by several lanes.
    const often = home !== user || (uses.get(expr) ?? 0) > 1 || (copies && !copied(expr));
    const named = safe && often;
    // 4. Operands first.
    const visited = always ? seen.always : seen.perhaps;
    if (visited.has(expr)) return;
    visited.add(expr);
    const at = named ? home : user;
    for (const operand of operandsOf(expr)) {
      const needed = expr.kind !== "load" || expr.guard === undefined || operand === expr.guard;
      enter(operand, at, always && needed, copied(expr));
    }
    if (named && !home.steps.some((step) => step.kind === "value" && step.expr === expr))
      home.steps.push({ kind: "value", expr });
  };
  return (root, level) => enter(root, level, true, true);
}

function countUses(kernel: Kernel): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const roots = rootsOf(kernel);
  const use = (expr: Expr): void => {
    uses.set(expr, (uses.get(expr) ?? 0) + 1);
  };
  for (const root of roots) use(root);
  walk(roots, (expr) => {
    for (const operand of operandsOf(expr)) use(operand);
  });
  return uses;
}

/** Whether evaluating a node reads an element without a guard. */
function bareLoads(): (expr: Expr) => boolean {
  const known = new Map<Expr, boolean>();
  const bare = (expr: Expr): boolean => {
    const found = known.get(expr);
    if (found !== undefined) return found;
    const result =
      expr.kind === "load"
        ? expr.guard === undefined || bare(expr.guard)
        : operandsOf(expr).some(bare);
    known.set(expr, result);
    return result;
  };
  return bare;
}

function withoutAxes(axes: ReadonlySet<number>, removed: readonly number[]): Set<number> {
  return new Set([...axes].filter((axis) => !removed.includes(axis)));
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
