// A kernel becomes operations on whole tensors: stages first, then the outputs.

import {
  type CompiledKernel,
  extentsOf,
  type Kernel,
  type Operand,
  sizeOf,
  stageDependence,
} from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Memory } from "./buffer.js";
import { multiplyStage, productOf } from "./contract.js";
import { evaluatorOver, type Run } from "./evaluate.js";
import type { Ops } from "./ops.js";
import { reduceStage } from "./reduce.js";
import { stretch } from "./shapes.js";
import { addresses } from "./view.js";

/** Makes `kernel` ready to run. */
export function compile(kernel: Kernel, ops: Ops, memory: Memory): CompiledKernel {
  const dependence = stageDependence(kernel);
  const outer = Array.from({ length: kernel.outer }, (_, axis) => axis);
  const products = kernel.stages.map((_, s) => productOf(kernel, s));
  return {
    run: (inputs, scalars, outputs) =>
      ops.runtime.run(() => {
        const layouts = [...inputs, ...outputs].map((operand) => operand.layout);
        const extents = extentsOf(kernel, layouts);
        const shape = extents.slice(0, kernel.outer);
        if (sizeOf(shape) === 0) return;
        const run: Run = { ops, memory, inputs, scalars, extents, stages: [] };
        for (const [s, stage] of kernel.stages.entries()) {
          const note = products[s];
          run.stages.push(
            note === undefined
              ? reduceStage(run, stage, dependence[s] ?? [])
              : multiplyStage(run, stage, note),
          );
        }
        const evaluate = evaluatorOver(run, outer);
        // All are computed before any is written: they may overwrite inputs.
        const values = kernel.outputs.map(({ value }) =>
          stretch(ops.runtime, evaluate(value), shape),
        );
        for (const [o, value] of values.entries()) store(ops, memory, outputs[o] as Operand, value);
      }),
  };
}

/** Writes `value`, which has the shape of `operand`, where `operand` says. */
export function store(ops: Ops, memory: Memory, operand: Operand, value: tf.Tensor): void {
  const { buffer, layout, offset } = operand;
  const flat = tf.reshape(value, [layout.size]) as tf.Tensor1D;
  if (layout.contiguous) {
    memory.replace(buffer, offset, flat);
    return;
  }
  const { shape: extents, strides: steps } = layout;
  const places = stretch(
    ops.runtime,
    addresses(ops.runtime, { base: offset, extents, steps }),
    extents,
  );
  const rows = tf.reshape(places, [layout.size, 1]);
  memory.put(buffer, tf.tensorScatterUpdate(memory.tensor(buffer), rows as tf.Tensor2D, flat));
}
