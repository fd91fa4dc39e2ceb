// Broadcasting: tensors whose shapes are aligned at the last axis.

import { sizeOf } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Runtime } from "./runtime.js";

/** The shape that tensors of `shapes` have together. */
export function commonShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const common = new Array<number>(rank).fill(1);
  for (const shape of shapes)
    for (const [d, n] of shape.entries()) if (n !== 1) common[rank - shape.length + d] = n;
  return common;
}

/** `x` with its elements repeated along the axes of extent 1, up to `shape`. */
export function stretch(runtime: Runtime, x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const size = sizeOf(shape);
  if (x.size === size) return sameShape(x.shape, shape) ? x : tf.reshape(x, [...shape]);
  if (!runtime.broadcastsSlowly) return tf.broadcastTo(x, [...shape] as never);
  const lead = shape.length - x.rank;
  const padded = [...new Array<number>(lead).fill(1), ...x.shape];
  let stretched = x;
  let inner = 1; // elements behind the axis, repeated ones included
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const count = shape[axis] ?? 1;
    if (padded[axis] !== count) stretched = repeat(stretched, inner, count);
    inner *= count;
  }
  return tf.reshape(stretched, [...shape]);
}

/** Every run of `run` elements `count` times in a row, by concatenating what has been doubled. */
function repeat(x: tf.Tensor, run: number, count: number): tf.Tensor {
  let piece: tf.Tensor = tf.reshape(x, [x.size / run, run]);
  const pieces: tf.Tensor[] = [];
  for (let rest = count; rest > 0; rest >>= 1) {
    if (rest & 1) pieces.push(piece);
    if (rest > 1) piece = tf.concat([piece, piece], 1);
  }
  return pieces.length === 1 ? piece : tf.concat(pieces, 1);
}

/** `a` and `b`, repeated first where that is faster than letting an operation broadcast. */
export function aligned(runtime: Runtime, a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  if (!runtime.broadcastsSlowly || isSuffix(a.shape, b.shape) || isSuffix(b.shape, a.shape))
    return [a, b];
  const shape = commonShape([a.shape, b.shape]);
  return [stretch(runtime, a, shape), stretch(runtime, b, shape)];
}

/** Whether `a` repeats as a whole within `b`. */
function isSuffix(a: readonly number[], b: readonly number[]): boolean {
  const lead = b.length - a.length;
  return lead >= 0 && a.every((n, d) => n === b[lead + d]);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, d) => n === b[d]);
}

/** `x` without leading axes of extent 1, so that it broadcasts as cheaply as it can. */
export function withoutLead(x: tf.Tensor): tf.Tensor {
  let lead = 0;
  while (lead < x.rank && x.shape[lead] === 1) lead++;
  return lead === 0 ? x : tf.reshape(x, x.shape.slice(lead));
}
