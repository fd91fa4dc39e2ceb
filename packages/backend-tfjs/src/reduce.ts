// Stages: reductions of whole tensors, and matrix products.

import {
  type DType,
  type Expr,
  isFloat,
  type Load,
  type Reducer,
  type Stage,
} from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import { evaluatorOver, type Run, type StageResult, scalarOf, viewOf } from "./evaluate.js";
import * as integer from "./integer.js";
import type { Ops } from "./ops.js";
import { commonShape, stretch } from "./shapes.js";

type FoldReducer = Exclude<Reducer, "argmax" | "argmin">;

/** Computes a stage that depends on the outer axes `outer`. */
export function reduceStage(run: Run, stage: Stage, outer: readonly number[]): StageResult {
  if (stage.axes.some((axis) => run.extents[axis] === 0))
    return { axes: [], value: emptyValue(stage) };
  if (stage.reduce === "argmax" || stage.reduce === "argmin") {
    const space = [...outer, ...stage.axes];
    const value = fullOver(run, stage, space);
    const shape = outer.map((_, d) => value.shape[d] as number);
    const lines = tf.reshape(value, [...shape, value.size / product(shape)]);
    return { axes: outer, value: winner(run.ops, lines, stage.reduce, stage.value.dtype) };
  }
  const space = inMemoryOrder(run, stage, [...outer, ...stage.axes]);
  let value = fullOver(run, stage, space);
  const left = [...space];
  for (let end = space.length; end > 0; ) {
    // A run of neighbouring axes at a time, from the last on.
    const isReduced = (d: number): boolean => stage.axes.includes(space[d] as number);
    let start = end - 1;
    while (start > 0 && isReduced(start - 1) === isReduced(end - 1)) start--;
    if (isReduced(end - 1)) {
      value = fold(run.ops, value, start, end, stage.reduce, stage.dtype);
      left.splice(start, end - start);
    }
    end = start;
  }
  return { axes: left, value };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** The value of `stage` over `space`, with every axis of the stage in full. */
function fullOver(run: Run, stage: Stage, space: readonly number[]): tf.Tensor {
  const value = evaluatorOver(run, space)(stage.value);
  const needed = space.map((axis) => (stage.axes.includes(axis) ? (run.extents[axis] ?? 1) : 1));
  return stretch(run.ops.runtime, value, commonShape([value.shape, needed]));
}

/** `axes` as the largest operand of the stage lies in memory: then nothing has to be transposed. */
function inMemoryOrder(run: Run, stage: Stage, axes: readonly number[]): readonly number[] {
  const load = loadsOf(stage.value).find(
    (load) => viewOf(run, load, axes)?.steps.filter((step) => step !== 0).length === axes.length,
  );
  const steps = load === undefined ? undefined : viewOf(run, load, axes)?.steps;
  if (steps === undefined || steps.some((step) => step < 0)) return axes;
  return [...axes.keys()]
    .sort((a, b) => (steps[b] ?? 0) - (steps[a] ?? 0) || a - b)
    .map((d) => axes[d] as number);
}

function loadsOf(expr: Expr): Load[] {
  if (expr.kind === "load") return [expr];
  if (expr.kind === "cast") return loadsOf(expr.value);
  return expr.kind === "call" ? expr.args.flatMap(loadsOf) : [];
}

/** `x` reduced over its dimensions from `start` up to `end`. */
function fold(
  ops: Ops,
  x: tf.Tensor,
  start: number,
  end: number,
  reduce: FoldReducer,
  dtype: DType,
): tf.Tensor {
  const shape = [...x.shape.slice(0, start), ...x.shape.slice(end)];
  const [before, along, behind] = [
    product(x.shape.slice(0, start)),
    product(x.shape.slice(start, end)),
    product(x.shape.slice(end)),
  ];
  const folded = foldMiddle(ops, tf.reshape(x, [before, along, behind]), reduce, dtype);
  return tf.reshape(folded, shape);
}

/** [before, along, behind] reduced over its middle. */
function foldMiddle(ops: Ops, x: tf.Tensor3D, reduce: FoldReducer, dtype: DType): tf.Tensor {
  const [before, along, behind] = x.shape;
  if (along === 1) return x;
  if (reduce === "sum" && isFloat(dtype) && behind > 1 && ops.runtime.broadcastsSlowly) {
    // tfjs-cpu transposes to sum over other axes than the last, at 0.2 µs an element.
    return tf.matMul(tf.ones([1, 1, along]), x);
  }
  // A last axis of extent 1 would be transposed too.
  const lines = behind === 1 ? tf.reshape(x, [before, along]) : x;
  switch (reduce) {
    case "sum":
      return wrapped(ops, tf.sum(lines, 1), dtype);
    case "prod":
      return isFloat(dtype) ? tf.prod(lines, 1) : wrapped(ops, productOfInts(ops, x), dtype);
    case "max":
      return dtype === "bool" ? tf.any(lines, 1) : tf.max(lines, 1);
    case "min":
      return dtype === "bool" ? tf.all(lines, 1) : tf.min(lines, 1);
    default:
      return reduce satisfies never;
  }
}

function wrapped(ops: Ops, x: tf.Tensor, dtype: DType): tf.Tensor {
  return dtype === "uint8" ? ops.bitAnd(x, integer.int(255)) : x;
}

/** `tf.prod` computes in doubles: ints are multiplied exactly, first half by second half. */
function productOfInts(ops: Ops, x: tf.Tensor3D): tf.Tensor {
  let rest: tf.Tensor = tf.transpose(x, [1, 0, 2]);
  while ((rest.shape[0] as number) > 1) {
    const n = rest.shape[0] as number;
    const half = n >> 1;
    const products = integer.multiply(ops, tf.slice(rest, 0, half), tf.slice(rest, half, half));
    rest = n % 2 === 0 ? products : tf.concat([products, tf.slice(rest, 2 * half, 1)]);
  }
  return rest;
}

/** The first position of the largest or smallest element of each line; NaN wins. */
function winner(ops: Ops, lines: tf.Tensor, reduce: "argmax" | "argmin", dtype: DType): tf.Tensor {
  const numbers = dtype === "bool" ? tf.cast(lines, "int32") : lines;
  const found = reduce === "argmax" ? tf.argMax(numbers, -1) : tf.argMin(numbers, -1);
  if (!isFloat(dtype)) return found;
  // `tf.argMax` and `tf.argMin` pass over NaN.
  const missing = tf.isNaN(numbers);
  const first = tf.argMax(tf.cast(missing, "int32"), -1);
  return ops.where(tf.any(missing, -1), first, found);
}

const lowest: Readonly<Partial<Record<DType, number>>> = { int32: -(2 ** 31), uint8: 0, bool: 0 };
const highest: Readonly<Partial<Record<DType, number>>> = {
  int32: 2 ** 31 - 1,
  uint8: 255,
  bool: 1,
};

/** What a reduction of nothing gives. */
function emptyValue({ reduce, dtype }: Stage): tf.Tensor {
  const values: Readonly<Record<Reducer, number>> = {
    sum: 0,
    prod: 1,
    max: lowest[dtype] ?? Number.NEGATIVE_INFINITY,
    min: highest[dtype] ?? Number.POSITIVE_INFINITY,
    argmax: 0,
    argmin: 0,
  };
  return scalarOf(values[reduce], dtype);
}
