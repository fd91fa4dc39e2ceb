// The form of a call that the rewrites of programs work on: extents are numbers, no axis has one
// element, and a load that walks memory in plain steps does so through a view with one dimension for
// each axis it moves with, so that slices, flips, transposes and broadcasts are in the view alone.

import { recognizeContraction } from "../contraction.js";
import { rootsOf } from "../dependence.js";
import type { DType } from "../dtype.js";
import { call, constant, coord, type Expr, type Load, load, rewriteExpr, walk } from "../expr.js";
import { ExprTable } from "../intern.js";
import { extentsOf, type Kernel, type OperandSpec, operandSpec, type Stage } from "../kernel.js";
import { layout } from "../layout.js";
import { simplifyExpr, simplifyKernel } from "../simplify.js";
import { type Affine, affineOf, scaled, sum } from "./affine.js";
import type { KernelCall, View } from "./program.js";

/** `call` in normal form; the same work with the same results. */
export function normalizeCall(original: KernelCall): KernelCall {
  const { kernel, inputs, outputs } = original;
  const layouts = [...inputs, ...outputs].map((view) => view.layout);
  const extents = extentsOf(kernel, layouts);
  const small = withoutUnitAxes({ ...original, kernel: { ...kernel, axes: extents } });
  const plain = withPlainLoads(small);
  const lean = simplifyKernel(withEqualStagesShared(plain.kernel));
  return withUsedInputs({ ...plain, kernel: lean });
}

/** What identifies a view: equal texts are the same elements in the same order. */
export function viewKey({ buffer, layout: { shape, strides }, offset }: View): string {
  return `${buffer}@${offset}[${shape}]/${strides}`;
}

function withoutUnitAxes(original: KernelCall): KernelCall {
  const { contraction: _, ...kernel } = original.kernel;
  const kept = kernel.axes.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  const renumbered = new Map(kept.map((old, axis) => [old, axis]));
  // A stage over nothing is its value.
  const values: Expr[] = [];
  const numbers: number[] = [];
  const stages: Stage[] = [];
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind === "coord") {
          const axis = renumbered.get(node.axis);
          return axis === undefined ? constant(0, "int32") : coord(axis);
        }
        if (node.kind !== "stage") return node;
        return values[node.stage] ?? { ...node, stage: numbers[node.stage] ?? node.stage };
      },
      done,
    );
  for (const [s, stage] of kernel.stages.entries()) {
    const axes = stage.axes.flatMap((axis) => renumbered.get(axis) ?? []);
    const value = rewrite(stage.value);
    if (axes.length === 0) values[s] = alone(stage, value);
    else numbers[s] = stages.push({ ...stage, axes, value }) - 1;
  }
  const outer = kept.filter((axis) => axis < kernel.outer);
  const outputs = original.outputs.map((view) => ({
    ...view,
    layout: layout(
      outer.map((d) => view.layout.shape[d] ?? 1),
      outer.map((d) => view.layout.strides[d] ?? 0),
    ),
  }));
  return {
    ...original,
    outputs,
    kernel: {
      ...kernel,
      outer: outer.length,
      axes: kept.map((axis) => kernel.axes[axis] ?? 1),
      stages,
      outputs: kernel.outputs.map((output, o) => ({
        ...operandSpec(output.dtype, outputs[o]?.layout ?? layout([])),
        value: rewrite(output.value),
      })),
    },
  };
}

/** The reduction of one value. */
function alone({ reduce, dtype }: Stage, value: Expr): Expr {
  if (reduce === "argmax" || reduce === "argmin") return constant(0, dtype);
  return reduce === "sum" ? call("add", value, 0) : value; // 0 + -0 is 0
}

function withPlainLoads(original: KernelCall): KernelCall {
  const { kernel } = original;
  const views: View[] = [];
  const specs: OperandSpec[] = [];
  const known = new Map<string, number>();
  const input = (view: View, dtype: DType): number => {
    const key = `${dtype} ${viewKey(view)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    specs.push(operandSpec(dtype, view.layout));
    known.set(key, views.length);
    return views.push(view) - 1;
  };
  const rewrite = (root: Expr, named: readonly number[], done = new Map<Expr, Expr>()): Expr =>
    rewriteExpr(
      root,
      (node) => {
        if (node.kind !== "load") return node;
        const view = viewOf(original, node);
        const plain = plainView(node, view, kernel, named);
        return plain === undefined
          ? { ...node, input: input(view, node.dtype) }
          : load(input(plain.view, node.dtype), node.dtype, plain.axes.map(coord));
      },
      done,
    );
  const note = recognizeContraction(kernel);
  const factorAxes = note === undefined ? [] : [...note.m, ...note.n, ...note.k];
  const done = new Map<Expr, Expr>();
  const stages = kernel.stages.map((stage, s) => ({
    ...stage,
    value: s === note?.stage ? rewrite(stage.value, factorAxes) : rewrite(stage.value, [], done),
  }));
  const outputs = kernel.outputs.map((output) => ({
    ...output,
    value: rewrite(output.value, [], done),
  }));
  return { ...original, inputs: views, kernel: { ...kernel, inputs: specs, stages, outputs } };
}

/** The view that `load` reads through. */
export function viewOf({ kernel, inputs }: KernelCall, { input }: Load): View {
  const view = inputs[input];
  if (view === undefined) throw new RangeError(`kernel ${kernel.name} has no input ${input}`);
  return view;
}

/** Whether `load` walks memory in the steps of `written`, so that only where they start may differ. */
export function isInStep(call: KernelCall, { guard, index, input }: Load, written: View): boolean {
  const steps = [...written.layout.strides];
  for (const [d, expr] of index.entries()) {
    if (expr.kind !== "coord") return false;
    steps[expr.axis] = (steps[expr.axis] ?? 0) - (call.inputs[input]?.layout.strides[d] ?? 0);
  }
  return guard === undefined && steps.every((step) => step === 0);
}

/**
 * A view with one dimension for each of `axes` through which a load reads the same elements; none
 * for guarded loads, for indices that are not plain steps, and where different positions meet in one
 * element, as in a convolution. Of the axes it does not move with, those of `named` get a dimension.
 */
function plainView(
  { guard, index }: Load,
  { buffer, layout: { strides }, offset }: View,
  { axes: extents }: Kernel,
  named: readonly number[],
): { readonly view: View; readonly axes: readonly number[] } | undefined {
  if (guard !== undefined) return undefined;
  let address: Affine = { offset, steps: new Map() };
  for (const [d, expr] of index.entries()) {
    const place = affineOf(simplifyExpr(expr));
    if (place === undefined) return undefined;
    // A dimension that repeats still names its axis.
    address = sum(address, scaled(place, strides[d] ?? 0));
  }
  const moves = [...address.steps].filter(([axis, step]) => step !== 0 || named.includes(axis));
  moves.sort(([p, x], [q, y]) => Math.abs(y) - Math.abs(x) || p - q);
  let reach = 0;
  for (const [axis, step] of moves.toReversed()) {
    if (step !== 0 && Math.abs(step) <= reach) return undefined;
    reach += Math.abs(step) * Math.max(0, Number(extents[axis] ?? 1) - 1);
  }
  const shape = moves.map(([axis]) => Number(extents[axis] ?? 1));
  const steps = moves.map(([, step]) => step);
  return {
    view: { buffer, layout: layout(shape, steps), offset: address.offset },
    axes: moves.map(([axis]) => axis),
  };
}

/** Equal stages over axes of their own become one; the others are dead afterwards. */
function withEqualStagesShared(kernel: Kernel): Kernel {
  const table = new ExprTable();
  const known = new Map<string, number>();
  const first: number[] = [];
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) =>
        node.kind === "stage" ? { ...node, stage: first[node.stage] ?? node.stage } : node,
      done,
    );
  const stages = kernel.stages.map((stage, s) => {
    const value = rewrite(stage.value);
    const own = rewriteExpr(simplifyExpr(value), (node) =>
      node.kind === "coord" && stage.axes.includes(node.axis)
        ? coord(-1 - stage.axes.indexOf(node.axis))
        : node,
    );
    const over = stage.axes.map((axis) => kernel.axes[axis]);
    const key = `${stage.reduce} ${stage.dtype} ${over} ${table.number(own)}`;
    first[s] = known.get(key) ?? s;
    if (!known.has(key)) known.set(key, s);
    return { ...stage, value };
  });
  const outputs = kernel.outputs.map((output) => ({ ...output, value: rewrite(output.value) }));
  return { ...kernel, stages, outputs };
}

/** Inputs in order of use, and the contraction found anew. */
function withUsedInputs(original: KernelCall): KernelCall {
  const { kernel } = original;
  const used: number[] = [];
  walk(rootsOf(kernel), (expr) => {
    if (expr.kind === "load" && !used.includes(expr.input)) used.push(expr.input);
  });
  const done = new Map<Expr, Expr>();
  const renumber = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => (node.kind === "load" ? { ...node, input: used.indexOf(node.input) } : node),
      done,
    );
  const rewritten: Kernel = {
    ...kernel,
    inputs: used.flatMap((input) => kernel.inputs[input] ?? []),
    stages: kernel.stages.map((stage) => ({ ...stage, value: renumber(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: renumber(output.value) })),
  };
  const contraction = recognizeContraction(rewritten);
  return {
    ...original,
    inputs: used.flatMap((input) => original.inputs[input] ?? []),
    kernel: contraction === undefined ? rewritten : { ...rewritten, contraction },
  };
}
