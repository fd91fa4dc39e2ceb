// Operations that TensorFlow.js has by the same name and meaning: one of its operations each, instead
// of one for every node of their kernels.

import type { OpOverride, OpTable } from "@chainrule/core";
import type { Operand } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Memory } from "./buffer.js";
import { store } from "./compile.js";
import { int } from "./integer.js";
import type { Ops } from "./ops.js";
import { stretch } from "./shapes.js";
import { readView } from "./view.js";

interface AxisAttrs {
  readonly axis: number;
}

/** Overrides of float32 operations. */
export function namedOps(ops: Ops, memory: Memory): OpTable {
  const { runtime } = ops;
  return {
    sigmoid: elementwise(tf.sigmoid),
    softplus: elementwise(tf.softplus),
    softmax: alongLast(tf.softmax),
    logSoftmax: alongLast(tf.logSoftmax),
    cumulativeSum: alongAxis((x, axis) => tf.cumsum(x, axis)),
    cumulativeProd: alongAxis((x, axis) => tf.cumprod(x, axis)),
    scatterAdd: {
      accepts: ([, , source], [dtype]) => dtype === "float32" && source?.size !== 0,
      run: ([base, index, source], [output], attrs) => {
        if (!base || !index || !source || !output || output.layout.size === 0) return;
        const { axis } = attrs as AxisAttrs;
        runtime.run(() => {
          const parts = [elementsOf(base), elementsOf(index), elementsOf(source)] as const;
          store(ops, memory, output, scatterAdd(parts, axis));
        });
      },
    },
    concat: {
      // A part of another dtype would have to be converted first.
      accepts: (_layouts, dtypes) => dtypes.every((dtype) => dtype === dtypes[0]),
      run: (parts, [output], attrs) => {
        const { axis } = attrs as AxisAttrs;
        const given = parts.filter((part) => part.layout.size > 0);
        if (output === undefined || given.length === 0) return;
        runtime.run(() => store(ops, memory, output, tf.concat(given.map(elementsOf), axis)));
      },
    },
  };

  function elementwise(op: (x: tf.Tensor) => tf.Tensor): OpOverride {
    return { accepts: (_layouts, [dtype]) => dtype === "float32", run: apply(op) };
  }

  /** Of operations that TensorFlow.js has for the last axis only. */
  function alongLast(op: (x: tf.Tensor) => tf.Tensor): OpOverride {
    return {
      accepts: ([layout], [dtype], attrs) =>
        dtype === "float32" && (attrs as AxisAttrs).axis + 1 === layout?.ndim,
      run: apply(op),
    };
  }

  function alongAxis(op: (x: tf.Tensor, axis: number) => tf.Tensor): OpOverride {
    return { accepts: (_layouts, [dtype]) => dtype === "float32", run: apply(op) };
  }

  function apply(op: (x: tf.Tensor, axis: number) => tf.Tensor): OpOverride["run"] {
    return ([x], [output], attrs) => {
      if (x === undefined || output === undefined || output.layout.size === 0) return;
      const { axis } = attrs as AxisAttrs;
      runtime.run(() => store(ops, memory, output, op(elementsOf(x), axis)));
    };
  }

  /** `base` and, at `index` along `axis`, the elements of `source`; indices outside are skipped. */
  function scatterAdd(
    [base, index, source]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
    axis: number,
  ): tf.Tensor {
    // The axis last, so that every line is a run of elements; one more element takes what is skipped.
    const order = [...base.shape.keys()].filter((d) => d !== axis).concat(axis);
    const lines = tf.transpose(base, order);
    const along = base.shape[axis] ?? 0;
    const count = source.shape[axis] ?? 0;
    const places = tf.reshape(tf.transpose(index, order), [-1, count]);
    const starts = tf.mul(
      tf.reshape(tf.range(0, places.shape[0], 1, "int32"), [-1, 1]),
      int(along),
    );
    const inside = ops.and(ops.greaterEqual(places, int(0)), ops.less(places, int(along)));
    const addresses = ops.where(inside, ops.add(places, starts), int(base.size));
    const sums = tf.scatterND(
      tf.reshape(addresses, [source.size, 1]),
      tf.reshape(tf.transpose(source, order), [source.size]),
      [base.size + 1],
    );
    const added = tf.add(lines, tf.reshape(tf.slice(sums, 0, base.size), lines.shape));
    return tf.transpose(
      added,
      order.map((_, d) => order.indexOf(d)),
    );
  }

  function elementsOf({ buffer, layout: { shape, strides }, offset }: Operand): tf.Tensor {
    const view = { base: offset, extents: shape, steps: strides };
    return stretch(runtime, readView(runtime, memory.tensor(buffer), view), shape);
  }
}
