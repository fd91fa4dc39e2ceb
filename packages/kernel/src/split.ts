// Takes a kernel apart for backends that run one loop nest with one result at a time: every stage
// becomes an array, unless the only output that uses it can compute it on the way.

import { stageDependence } from "./dependence.js";
import type { DType } from "./dtype.js";
import { coord, type Expr, load, rewriteExpr, stageValue, walk } from "./expr.js";
import {
  type ContractionNote,
  type Extent,
  type Kernel,
  type OperandSpec,
  type Output,
  operandAt,
  type StrideClass,
} from "./kernel.js";

/**
 * What a step reads: an input of the split kernel, an earlier temporary, or of an output its shape
 * alone.
 */
export type Source =
  | { readonly input: number }
  | { readonly temporary: number }
  | { readonly output: number };

/**
 * What a step writes: an output of the split kernel, or a new row-major array of `dtype` over the
 * extents of the outer axes `axes`.
 */
export type Target =
  | { readonly output: number }
  | { readonly temporary: number; readonly dtype: DType; readonly axes: readonly number[] };

/** A kernel with at most one stage and exactly one output, and where its operands come from. */
export interface SplitStep {
  readonly kernel: Kernel;
  readonly inputs: readonly Source[];
  readonly output: Target;
}

/**
 * Kernels with at most one stage and one output each that, run in order, compute what `kernel` does.
 * All take the scalars of `kernel`. An output overwrites its aliased input only after every other
 * step has read it.
 *
 * @example
 * splitKernel(softmax).map((step) => step.output) // => [{ temporary: 0 }, { temporary: 1 }, { output: 0 }]
 */
export function splitKernel(kernel: Kernel): readonly SplitStep[] {
  const dependence = stageDependence(kernel);
  const outer = Array.from({ length: kernel.outer }, (_, axis) => axis);
  const fused = fusedStages(kernel, dependence);
  const temporaries = new Map<number, number>();
  const steps: SplitStep[] = [];

  for (const [s, stage] of kernel.stages.entries()) {
    if ([...fused.values()].includes(s)) continue;
    const axes = dependence[s] ?? [];
    const target = { temporary: temporaries.size, dtype: stage.dtype, axes };
    const value = stageValue(s, stage.dtype);
    steps.push(
      buildStep(kernel, dependence, temporaries, {
        name: `${kernel.name}.s${s}`,
        axes,
        value,
        stage: s,
        target,
      }),
    );
    temporaries.set(s, target.temporary);
  }

  let waiting = kernel.outputs.map((output, o) => ({ output, o }));
  const copies: SplitStep[] = [];
  let count = temporaries.size;
  const reads = ({ output, o }: { output: Output; o: number }, input: number | undefined) => {
    const stage = kernel.stages[fused.get(o) ?? -1];
    return loadedInputs([output.value, ...(stage === undefined ? [] : [stage.value])]).has(input);
  };
  while (waiting.length > 0) {
    // Next comes an output that overwrites nothing the others still read; in a circle (a swap) one
    // has to be computed aside and copied last.
    const free = waiting.find((one) =>
      waiting.every((other) => other === one || !reads(other, one.output.aliases)),
    );
    const next = free ?? waiting[0];
    if (next === undefined) break;
    waiting = waiting.filter((other) => other !== next);
    const { output, o } = next;
    const name = kernel.outputs.length === 1 ? kernel.name : `${kernel.name}.${o}`;
    const parts = { name, axes: outer, value: output.value, stage: fused.get(o) };
    if (free !== undefined) {
      steps.push(buildStep(kernel, dependence, temporaries, { ...parts, target: { output: o } }));
      continue;
    }
    const aside = { temporary: count++, dtype: output.dtype, axes: outer };
    steps.push(buildStep(kernel, dependence, temporaries, { ...parts, target: aside }));
    copies.push(copyStep(kernel, `${name}.copy`, aside, o));
  }
  return [...steps, ...copies];
}

interface StepParts {
  readonly name: string;
  /** The outer axes of the split kernel that are the outer axes of the step. */
  readonly axes: readonly number[];
  readonly value: Expr;
  /** The stage computed within the step. */
  readonly stage?: number | undefined;
  readonly target: Target;
}

/** For each output the stage that it alone uses, at every position: no array is needed between. */
function fusedStages(
  kernel: Kernel,
  dependence: readonly (readonly number[])[],
): Map<number, number> {
  const users = kernel.stages.map(() => 0);
  const used = [...kernel.stages, ...kernel.outputs].map(({ value }) => {
    const stages = usedStages(value);
    for (const s of stages) users[s] = (users[s] ?? 0) + 1;
    return stages;
  });
  const fused = new Map<number, number>();
  for (const o of kernel.outputs.keys()) {
    const stages = used[kernel.stages.length + o] ?? [];
    const s = stages.find((s) => users[s] === 1 && dependence[s]?.length === kernel.outer);
    if (s !== undefined) fused.set(o, s);
  }
  return fused;
}

function buildStep(
  kernel: Kernel,
  dependence: readonly (readonly number[])[],
  temporaries: ReadonlyMap<number, number>,
  { name, axes: outer, value, stage: s, target }: StepParts,
): SplitStep {
  const stage = s === undefined ? undefined : kernel.stages[s];
  const sources: Source[] = [];
  const specs: OperandSpec[] = [];
  const operandOf = (source: Source, spec: OperandSpec): number => {
    const same = (other: Source): boolean => JSON.stringify(other) === JSON.stringify(source);
    const known = sources.findIndex(same);
    if (known >= 0) return known;
    specs.push({ dtype: spec.dtype, strides: spec.strides });
    return sources.push(source) - 1;
  };
  const inputOf = (input: number): number => operandOf({ input }, operandAt(kernel, input));

  const old = [...outer, ...(stage?.axes ?? [])];
  const renamed = (axes: readonly number[]): number[] => axes.map((axis) => old.indexOf(axis));
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind === "coord") return coord(old.indexOf(node.axis));
        if (node.kind === "load") return { ...node, input: inputOf(node.input) };
        if (node.kind !== "stage") return node;
        if (node.stage === s) return stageValue(0, node.dtype);
        const axes = dependence[node.stage] ?? [];
        const temporary = temporaries.get(node.stage) ?? -1;
        const input = operandOf({ temporary }, rowMajor(node.dtype, axes.length));
        return load(input, node.dtype, renamed(axes).map(coord));
      },
      done,
    );
  const stages =
    stage === undefined
      ? []
      : [{ ...stage, axes: renamed(stage.axes), value: rewrite(stage.value) }];
  const result = rewrite(value);

  // Extents: an outer axis has that of the array written; a stage axis keeps what it refers to.
  const extents = old.map((axis, i): Extent | "written" => {
    const extent = kernel.axes[axis] ?? 0;
    if (typeof extent === "number") return extent;
    if (i < outer.length) return "written";
    const { operand, dim } = extent;
    if (operand < kernel.inputs.length) return { operand: inputOf(operand), dim };
    const output = operand - kernel.inputs.length;
    return { operand: operandOf({ output }, operandAt(kernel, operand)), dim };
  });
  const note = kernel.contraction;
  const contraction: ContractionNote | undefined =
    note === undefined || note.stage !== s
      ? undefined
      : {
          stage: 0,
          a: inputOf(note.a),
          b: inputOf(note.b),
          batch: renamed(note.batch),
          m: renamed(note.m),
          n: renamed(note.n),
          k: renamed(note.k),
        };
  const written = "output" in target ? kernel.outputs[target.output] : undefined;
  const { dtype, strides } = written ?? rowMajor(value.dtype, outer.length);
  const overwritten = sources.findIndex(
    (source) => "input" in source && source.input === written?.aliases,
  );
  return {
    kernel: {
      name,
      outer: outer.length,
      axes: extents.map((extent, dim) =>
        extent === "written" ? { operand: sources.length, dim } : extent,
      ),
      inputs: specs,
      scalars: kernel.scalars,
      stages,
      outputs: [
        { dtype, strides, value: result, ...(overwritten >= 0 && { aliases: overwritten }) },
      ],
      ...(contraction !== undefined && { contraction }),
    },
    inputs: sources,
    output: target,
  };
}

function copyStep(
  kernel: Kernel,
  name: string,
  { temporary, dtype, axes }: { temporary: number; dtype: DType; axes: readonly number[] },
  output: number,
): SplitStep {
  const { strides } = operandAt(kernel, kernel.inputs.length + output);
  return {
    kernel: {
      name,
      outer: axes.length,
      axes: axes.map((axis) => {
        const extent = kernel.axes[axis] ?? 0;
        return typeof extent === "number" ? extent : { operand: 1, dim: axis };
      }),
      inputs: [rowMajor(dtype, axes.length)],
      scalars: kernel.scalars,
      stages: [],
      outputs: [{ dtype, strides, value: load(0, dtype, axes.map(coord)) }],
    },
    inputs: [{ temporary }],
    output: { output },
  };
}

function rowMajor(dtype: DType, rank: number): OperandSpec {
  const strides = Array.from({ length: rank }, (_, d): StrideClass => (d === rank - 1 ? 1 : "n"));
  return { dtype, strides };
}

function usedStages(value: Expr): number[] {
  const stages = new Set<number>();
  walk([value], (expr) => {
    if (expr.kind === "stage") stages.add(expr.stage);
  });
  return [...stages];
}

function loadedInputs(values: readonly Expr[]): Set<number | undefined> {
  const inputs = new Set<number | undefined>();
  walk(values, (expr) => {
    if (expr.kind === "load") inputs.add(expr.input);
  });
  return inputs;
}
