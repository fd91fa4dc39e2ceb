// Strided views of flat tensors: as a slice where the elements lie in one run, transposed where they
// do in another order, gathered by their addresses otherwise.

import { sizeOf } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Runtime } from "./runtime.js";
import { aligned } from "./shapes.js";

/** Elements of a flat tensor at `base + Σ positionᵢ · stepsᵢ`. */
export interface View {
  readonly base: number;
  readonly extents: readonly number[];
  readonly steps: readonly number[];
}

/**
 * The elements of `flat` in `view`, which has any; along axes with step 0 the result has extent 1.
 */
export function readView(runtime: Runtime, flat: tf.Tensor1D, view: View): tf.Tensor {
  const { base, steps } = view;
  const shape = view.extents.map((n, d) => (steps[d] === 0 ? 1 : n));
  const run = runOrder({ ...view, extents: shape });
  if (run === undefined) return gathered(runtime, flat, { base, extents: shape, steps });
  const size = sizeOf(shape);
  const elements = size === flat.size ? flat : tf.slice(flat, base, size);
  if (run.every((axis, d) => d === 0 || axis > (run[d - 1] as number)))
    return tf.reshape(elements, shape);
  const moved = run.filter((axis) => shape[axis] !== 1);
  const stored = tf.reshape(
    elements,
    moved.map((axis) => shape[axis] as number),
  );
  const order = [...moved].sort((a, b) => a - b).map((axis) => moved.indexOf(axis));
  return tf.reshape(tf.transpose(stored, order), shape);
}

/** The axes of extent above 1 in the order they lie in memory; undefined if they leave gaps. */
export function runOrder({ extents, steps }: View): number[] | undefined {
  const axes = [...extents.keys()].filter((axis) => extents[axis] !== 1);
  axes.sort((a, b) => (steps[b] ?? 0) - (steps[a] ?? 0) || a - b);
  let expected = 1;
  for (const axis of [...axes].reverse()) {
    if (steps[axis] !== expected) return undefined;
    expected *= extents[axis] ?? 1;
  }
  return axes;
}

/** Addresses as a tensor with the extents of `view`. */
export function addresses(runtime: Runtime, { base, extents, steps }: View): tf.Tensor {
  let sum: tf.Tensor = tf.scalar(base, "int32");
  for (const [axis, n] of extents.entries()) {
    const step = steps[axis] ?? 0;
    if (step === 0 || n === 1) continue;
    const along = tf.range(0, n * step, step, "int32");
    const places = tf.reshape(along, [n, ...extents.slice(axis + 1).map(() => 1)]);
    sum = tf.add(...aligned(runtime, sum, places));
  }
  return sum;
}

function gathered(runtime: Runtime, flat: tf.Tensor1D, view: View): tf.Tensor {
  const places = tf.reshape(addresses(runtime, view), [sizeOf(view.extents)]);
  return tf.reshape(tf.gather(flat, places as tf.Tensor1D), [...view.extents]);
}
