// Carries out what coalescing decided: rewrites a kernel and its layouts for fewer axes.

import { recognizeContraction } from "./contraction.js";
import { loadsByInput } from "./dependence.js";
import { KernelError } from "./errors.js";
import { constant, type Expr, rewriteExpr } from "./expr.js";
import { type Extent, type Kernel, strideClass } from "./kernel.js";
import { type Layout, layout } from "./layout.js";

/**
 * A plan: every group of old axes becomes one axis, every group of old dimensions of an operand one
 * dimension; what is in no group disappears.
 */
export interface Grouping {
  readonly axes: readonly (readonly number[])[];
  readonly dims: readonly (readonly (readonly number[])[])[];
}

/** A kernel with the layouts of its operands, inputs first, then outputs. */
export interface Coalesced {
  readonly kernel: Kernel;
  readonly layouts: readonly Layout[];
}

/** Carries a plan out. */
export function regroup(kernel: Kernel, layouts: readonly Layout[], plan: Grouping): Coalesced {
  const renamed = new Map<number, number>();
  for (const [axis, group] of plan.axes.entries()) for (const old of group) renamed.set(old, axis);
  const rename = (axes: readonly number[]): number[] => [
    ...new Set(axes.flatMap((axis) => renamed.get(axis) ?? [])),
  ];
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind === "coord") {
          const axis = renamed.get(node.axis);
          return axis === undefined ? constant(0, "int32") : { ...node, axis };
        }
        if (node.kind !== "load") return node;
        const index = (plan.dims[node.input] ?? []).flatMap(([d = 0]) => node.index[d] ?? []);
        return { ...node, index };
      },
      done,
    );

  const regrouped = layouts.map((old, o) => {
    const groups = plan.dims[o] ?? [];
    const shape = groups.map((group) => product(group.map((d) => old.shape[d] ?? 0)));
    // Dimensions of one element say nothing about the steps.
    const stepOf = (group: readonly number[]): number =>
      group.findLast((d) => old.shape[d] !== 1) ?? group.at(-1) ?? 0;
    return layout(
      shape,
      groups.map((group) => old.strides[stepOf(group)] ?? 0),
    );
  });
  const strides = regrouped.map((operand) => operand.strides.map(strideClass));
  const outer = plan.axes.filter(([axis = 0]) => axis < kernel.outer).length;
  const { contraction: _, ...rest } = kernel;
  const result: Kernel = {
    ...rest,
    outer,
    axes: plan.axes.map((group, axis) =>
      axis < outer && group.some((old) => typeof kernel.axes[old] !== "number")
        ? { operand: kernel.inputs.length, dim: axis }
        : extentOf(kernel, plan, group),
    ),
    inputs: kernel.inputs.map((input, o) => ({ ...input, strides: strides[o] ?? [] })),
    stages: kernel.stages.map((stage) => ({
      ...stage,
      axes: rename(stage.axes),
      value: rewrite(stage.value),
    })),
    outputs: kernel.outputs.map((output, o) => ({
      ...output,
      strides: strides[kernel.inputs.length + o] ?? [],
      value: rewrite(output.value),
    })),
  };
  // Found anew: a batch axis along which one side does not move is an m or n axis once that side
  // forgets it, and a convolution may turn out to be a matrix product.
  const note = recognizeContraction(result);
  const noted = note === undefined ? result : { ...result, contraction: note };
  return { kernel: noted, layouts: regrouped };
}

/** The extent of a group of axes: their constants multiplied, or a dimension that is the group. */
function extentOf(kernel: Kernel, plan: Grouping, group: readonly number[]): Extent {
  const extents = group.map((axis) => kernel.axes[axis] ?? 0);
  const constants = extents.filter((extent) => typeof extent === "number");
  if (constants.length === extents.length) return product(constants);
  const [first] = extents;
  if (group.length === 1 && typeof first === "object") {
    const dims = plan.dims[first.operand] ?? [];
    const dim = dims.findIndex((dims) => dims.length === 1 && dims[0] === first.dim);
    if (dim >= 0) return { operand: first.operand, dim };
  }
  for (const [operand, loads] of loadsByInput(kernel))
    for (const [dim, dims] of (plan.dims[operand] ?? []).entries())
      for (const { index } of loads) {
        const axes = dims.map((d) => index[d]);
        const same = axes.every((node, i) => node?.kind === "coord" && node.axis === group[i]);
        if (same) return { operand, dim };
      }
  throw new KernelError(kernel.name, [`axes [${group}] must have an extent when coalesced`]);
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all * n, 1);
}
