// Stages with a contraction note: products of matrices.

import type { ContractionNote, Kernel, Load, Operand, Stage } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import { type Run, type StageResult, viewOf } from "./evaluate.js";
import { stretch } from "./shapes.js";
import { readView, runOrder } from "./view.js";

/** The note of `kernel`, if `stage` is its float product; ints must wrap and go the long way. */
export function productOf(kernel: Kernel, stage: number): ContractionNote | undefined {
  const note = kernel.contraction;
  const isPlain = note?.stage === stage && factors(kernel.stages[stage]) !== undefined;
  return isPlain ? note : undefined;
}

/** The two loads of a float32 product. */
function factors(stage: Stage | undefined): readonly [Load, Load] | undefined {
  if (stage?.dtype !== "float32" || stage.value.kind !== "call") return undefined;
  const [a, b] = stage.value.args;
  return a?.kind === "load" && b?.kind === "load" ? [a, b] : undefined;
}

/** Computes the product of `note`. */
export function multiplyStage(run: Run, stage: Stage, note: ContractionNote): StageResult {
  const loads = factors(stage);
  const axes = [...note.batch, ...note.m, ...note.n];
  if (loads === undefined || stage.axes.some((axis) => run.extents[axis] === 0))
    return { axes: [], value: tf.scalar(0) };
  const extents = (of: readonly number[]): number[] => of.map((axis) => run.extents[axis] ?? 1);
  const size = (of: readonly number[]): number => extents(of).reduce((all, n) => all * n, 1);
  const a = matrix(loads[0], note.m, note.k);
  const b = matrix(loads[1], note.k, note.n);
  const product = tf.matMul(a.value, b.value, a.transposed, b.transposed);
  return { axes, value: tf.reshape(product, extents(axes)) };

  /** `load` as matrices of `rows` by `columns`, or turned around if it lies so. */
  function matrix(
    load: Load,
    rows: readonly number[],
    columns: readonly number[],
  ): { value: tf.Tensor3D; transposed: boolean } {
    const { batch } = note;
    const flat = run.memory.tensor((run.inputs[load.input] as Operand).buffer);
    const straight = viewOf(run, load, [...batch, ...rows, ...columns]);
    const turned = viewOf(run, load, [...batch, ...columns, ...rows]);
    if (straight === undefined || turned === undefined) throw new TypeError("not affine");
    const isRun = (view: typeof straight): boolean =>
      runOrder({
        ...view,
        extents: view.extents.map((n, d) => (view.steps[d] === 0 ? 1 : n)),
      })?.every((axis, d, all) => d === 0 || axis > (all[d - 1] as number)) ?? false;
    const transposed = !isRun(straight) && isRun(turned);
    const [first, second] = transposed ? [columns, rows] : [rows, columns];
    const view = transposed ? turned : straight;
    const shape = [...extents(batch), ...extents(first), ...extents(second)];
    const repeats = view.steps.slice(0, batch.length).every((step) => step === 0);
    if (repeats) shape.fill(1, 0, batch.length);
    const value = stretch(run.ops.runtime, readView(run.ops.runtime, flat, view), shape);
    return {
      value: tf.reshape(value, [repeats ? 1 : size(batch), size(first), size(second)]),
      transposed,
    };
  }
}
