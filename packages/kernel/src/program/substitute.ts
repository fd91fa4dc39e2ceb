// Puts what one kernel computes in the place where another reads it.

import { stageDependence } from "../dependence.js";
import { call, coord, type Expr, type Load, rewriteExpr, walk } from "../expr.js";
import { ExprTable } from "../intern.js";
import type { Kernel, Output, Stage } from "../kernel.js";
import { firstCoords } from "./affine.js";
import { positionOf } from "./digits.js";
import { normalizeCall, viewOf } from "./normalize.js";
import type { KernelCall } from "./program.js";
import { rounded } from "./rounding.js";

/**
 * `consumer` that computes by itself what it reads of the outputs of `producer`, both in normal
 * form; of those outputs it writes the ones numbered in `kept`, too. Undefined where the loops do
 * not allow it: an element is read at a place that cannot be told, a stage is needed inside of
 * another, or outputs are kept whose shape is not that of the consumer's.
 */
export function fuseCalls(
  producer: KernelCall,
  consumer: KernelCall,
  kept: readonly number[],
): KernelCall | undefined {
  const [from, into] = [producer.kernel, consumer.kernel];
  if (kept.length > 0 && !haveEqualOuterAxes(from, into)) return undefined;
  const copy = copier(producer, consumer);
  let fits = true;

  const inlined = (load: Load): Expr => {
    const read = viewOf(consumer, load);
    const o = producer.outputs.findIndex((view) => view.buffer === read.buffer);
    const [output, written] = [from.outputs[o], producer.outputs[o]];
    if (output === undefined || written === undefined) return load;
    const value = rounded(output.value);
    if (value.kind === "const")
      return load.guard === undefined || load.otherwise === undefined
        ? value
        : call("select", load.guard, value, load.otherwise);
    const position = load.guard === undefined ? positionOf(read, load.index, written) : undefined;
    const result = position && copy.at(position, value);
    fits &&= result !== undefined;
    return result ?? load;
  };
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(expr, (node) => (node.kind === "load" ? inlined(node) : node), done);
  const own = into.stages.map((stage) => ({ ...stage, value: rewrite(stage.value) }));
  const outputs = into.outputs.map((output) => ({ ...output, value: rewrite(output.value) }));
  const also = kept.flatMap((o): Output[] => {
    const output = from.outputs[o];
    const value = output && copy.at(firstCoords(from.outer), output.value);
    return output === undefined || value === undefined ? [] : [{ ...output, value }];
  });
  if (!fits || also.length < kept.length) return undefined;

  const merged: Kernel = {
    name: [...new Set([...from.name.split("+"), ...into.name.split("+")])].join("+"),
    outer: into.outer,
    axes: copy.axes,
    inputs: [...into.inputs, ...from.inputs],
    scalars: [],
    stages: [...own, ...copy.stages],
    outputs: [...also, ...outputs],
  };
  return normalizeCall({
    kind: "kernel",
    kernel: withLaterStagesFirst(merged, own.length),
    inputs: [...consumer.inputs, ...producer.inputs],
    outputs: [...kept.flatMap((o) => producer.outputs[o] ?? []), ...consumer.outputs],
    origins: [
      ...producer.origins,
      ...consumer.origins.filter((o) => !producer.origins.includes(o)),
    ],
  });
}

/** Whether the outer loops of two kernels in normal form are the same. */
export function haveEqualOuterAxes(a: Kernel, b: Kernel): boolean {
  return `${a.axes.slice(0, a.outer)}` === `${b.axes.slice(0, b.outer)}` && a.outer === b.outer;
}

/** The expressions of a producer as parts of a consumer; their inputs follow those of the consumer. */
interface Copier {
  /** The axes of the consumer, then those of copied stages. */
  readonly axes: Kernel["axes"];
  /** Copied stages, numbered after those of the consumer. */
  readonly stages: readonly Stage[];
  /** `expr` at a position of the producer; none if a stage is not the same for all of a loop. */
  at(position: readonly Expr[], expr: Expr): Expr | undefined;
}

function copier({ kernel: from }: KernelCall, { kernel: into }: KernelCall): Copier {
  const axes = [...into.axes];
  const stages: Stage[] = [];
  const numbers = new Map<string, number>();
  const table = new ExprTable();
  const dependence = stageDependence(from);
  const at = (position: ReadonlyMap<number, Expr>, expr: Expr): Expr | undefined => {
    let fits = true;
    const result = rewriteExpr(expr, (node) => {
      if (node.kind === "coord") return position.get(node.axis) ?? node;
      if (node.kind === "load") return { ...node, input: node.input + into.inputs.length };
      if (node.kind !== "stage") return node;
      const stage = stageAt(position, node.stage);
      fits &&= stage !== undefined;
      return { ...node, stage: stage ?? node.stage };
    });
    return fits ? result : undefined;
  };
  const stageAt = (position: ReadonlyMap<number, Expr>, number: number): number | undefined => {
    const stage = from.stages[number];
    if (stage === undefined) return undefined;
    const outer = new Map<number, Expr>();
    for (const axis of dependence[number] ?? []) outer.set(axis, position.get(axis) ?? coord(axis));
    const key = `${number}: ${[...outer.values()].map((expr) => table.number(expr))}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (![...outer.values()].every((expr) => isOuter(expr, into.outer))) return undefined;
    const own = stage.axes.map((axis) => axes.push(from.axes[axis] ?? 1) - 1);
    const inner = new Map([
      ...outer,
      ...stage.axes.map((axis, i) => [axis, coord(own[i] ?? -1)] as const),
    ]);
    const value = at(inner, stage.value);
    if (value === undefined) return undefined;
    const copied = into.stages.length + stages.push({ ...stage, axes: own, value }) - 1;
    numbers.set(key, copied);
    return copied;
  };
  return { axes, stages, at: (position, expr) => at(new Map(position.entries()), expr) };
}

/** Whether a position is told by the outer axes, of which there are `outer`, alone. */
function isOuter(position: Expr, outer: number): boolean {
  let isOuter = true;
  walk([position], (expr) => {
    if (expr.kind === "load" || expr.kind === "stage") isOuter = false;
    if (expr.kind === "coord" && expr.axis >= outer) isOuter = false;
  });
  return isOuter;
}

/** The same kernel with its first `count` stages after the others. */
function withLaterStagesFirst(kernel: Kernel, count: number): Kernel {
  const { stages } = kernel;
  const later = stages.length - count;
  const done = new Map<Expr, Expr>();
  const renumber = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind !== "stage") return node;
        return { ...node, stage: node.stage < count ? node.stage + later : node.stage - count };
      },
      done,
    );
  const renumbered = stages.map((stage) => ({ ...stage, value: renumber(stage.value) }));
  return {
    ...kernel,
    stages: [...renumbered.slice(count), ...renumbered.slice(0, count)],
    outputs: kernel.outputs.map((output) => ({ ...output, value: renumber(output.value) })),
  };
}
