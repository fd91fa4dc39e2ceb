// Expressions over whole tensors: one operation per node. A node's value has one dimension for each
// axis of the space it is computed in, of extent 1 where it does not vary.

import { type DType, type Expr, kindOf, type Load, type Operand } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import { type Affine, affine, combined } from "./affine.js";
import { type Memory, tensorDType } from "./buffer.js";
import { int } from "./integer.js";
import { emitCall, emitCast } from "./intrinsics.js";
import type { Ops } from "./ops.js";
import { withoutLead } from "./shapes.js";
import { readView, type View } from "./view.js";

/** What a run of a kernel is given. */
export interface Run {
  readonly ops: Ops;
  readonly memory: Memory;
  readonly inputs: readonly Operand[];
  readonly scalars: readonly number[];
  /** The extents of all axes of the kernel. */
  readonly extents: readonly number[];
  /** The values of the stages so far. */
  readonly stages: StageResult[];
}

/** The value of a stage: its dimensions are `axes`, some of extent 1. */
export interface StageResult {
  readonly axes: readonly number[];
  readonly value: tf.Tensor;
}

/** A function that computes expressions over the axes `space`, in this order; shared nodes once. */
export function evaluatorOver(run: Run, space: readonly number[]): (expr: Expr) => tf.Tensor {
  const { ops, scalars } = run;
  const known = new Map<Expr, tf.Tensor>();
  const evaluate = (expr: Expr): tf.Tensor => {
    const before = known.get(expr);
    if (before !== undefined) return before;
    const value = compute(expr);
    known.set(expr, value);
    return value;
  };
  const compute = (expr: Expr): tf.Tensor => {
    switch (expr.kind) {
      case "const":
        return scalarOf(expr.value, expr.dtype);
      case "scalar":
        return scalarOf(scalars[expr.index] ?? Number.NaN, expr.dtype);
      case "coord":
        return coordinates(run, space, expr.axis);
      case "stage":
        return placed(run.stages[expr.stage], space);
      case "cast":
        return emitCast(ops, evaluate(expr.value), expr.value.dtype, expr.dtype);
      case "call":
        return emitCall(expr.fn, expr.dtype, {
          ops,
          args: expr.args.map(evaluate),
          exprs: expr.args,
        });
      case "load":
        return read(expr);
      default:
        return expr satisfies never;
    }
  };
  const read = (load: Load): tf.Tensor => {
    const input = run.inputs[load.input] as Operand;
    const flat = run.memory.tensor(input.buffer);
    if (load.guard === undefined || load.otherwise === undefined) {
      const view = viewOf(run, load, space);
      if (view !== undefined) return withoutLead(readView(ops.runtime, flat, view));
      return gather(flat, address(load, input));
    }
    const otherwise = evaluate(load.otherwise);
    if (flat.size === 0) return otherwise;
    const guard = evaluate(load.guard);
    const places = ops.where(guard, address(load, input), int(0));
    return ops.where(guard, gather(flat, places), otherwise);
  };
  /** Where the elements of `load` are, at every position. */
  const address = (load: Load, { layout, offset }: Operand): tf.Tensor => {
    let sum: tf.Tensor = int(offset);
    for (const [d, index] of load.index.entries()) {
      const stride = layout.strides[d] ?? 0;
      if (stride === 0) continue;
      const along = evaluate(index);
      sum = ops.add(sum, stride === 1 ? along : ops.mul(along, int(stride)));
    }
    return sum;
  };
  return evaluate;
}

/** The view that an unguarded load at affine indices is, over `space`. */
export function viewOf(run: Run, load: Load, space: readonly number[]): View | undefined {
  const { layout, offset } = run.inputs[load.input] as Operand;
  let place: Affine = { start: offset, steps: new Map() };
  for (const [d, index] of load.index.entries()) {
    const along = affine(index, run.scalars);
    if (along === undefined) return undefined;
    place = combined(place, 1, along, layout.strides[d] ?? 0);
  }
  return {
    base: place.start,
    extents: space.map((axis) => run.extents[axis] ?? 1),
    steps: space.map((axis) => place.steps.get(axis) ?? 0),
  };
}

function gather(flat: tf.Tensor1D, places: tf.Tensor): tf.Tensor {
  const list = tf.reshape(places, [places.size]) as tf.Tensor1D;
  return tf.reshape(tf.gather(flat, list), places.shape);
}

function coordinates(run: Run, space: readonly number[], axis: number): tf.Tensor {
  const n = run.extents[axis] ?? 1;
  const behind = space.length - 1 - space.indexOf(axis);
  const along = tf.range(0, n, 1, "int32");
  return tf.reshape(along, [n, ...new Array<number>(behind).fill(1)]);
}

/** The value of a stage with a dimension for each axis of `space`. */
function placed(stage: StageResult | undefined, space: readonly number[]): tf.Tensor {
  if (stage === undefined) return int(0);
  const { axes, value } = stage;
  const own = axes.filter((axis) => space.includes(axis));
  const order = [...own.keys()].sort(
    (a, b) => space.indexOf(own[a] as number) - space.indexOf(own[b] as number),
  );
  const isOrdered = order.every((from, to) => from === to);
  const moved = isOrdered ? value : tf.transpose(value, order);
  const shape = space.map((axis) => {
    const d = own.indexOf(axis);
    return d < 0 ? 1 : (value.shape[d] as number);
  });
  return withoutLead(tf.reshape(moved, shape));
}

/** A number as a tensor without axes. */
export function scalarOf(value: number, dtype: DType): tf.Scalar {
  const stored = kindOf(dtype) === "bool" ? value !== 0 : value;
  return tf.scalar(stored, tensorDType(dtype));
}
