// One training step of a ReLU network with mean cross-entropy and SGD, written out by hand.

import type { Product } from "./products.js";

/** Weights [out, in] and biases of each layer, as PyTorch lays them out. */
export interface Weights {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** A function that trains on one batch and returns the loss before the step. */
export function handWrittenMlp(
  sizes: readonly number[],
  initial: readonly Weights[],
  batch: number,
  lr: number,
  product: Product,
): (x: Float32Array, labels: Int32Array) => number {
  const layers = initial.map(({ weight, bias }, l) => {
    const inputs = sizes[l] ?? 0;
    const outputs = sizes[l + 1] ?? 0;
    return {
      inputs,
      outputs,
      weight: weight.slice(),
      bias: bias.slice(),
      value: new Float32Array(batch * outputs),
      delta: new Float32Array(batch * outputs),
      gradient: new Float32Array(outputs * inputs),
    };
  });
  return (x, labels) => {
    let input = x;
    for (const [l, layer] of layers.entries()) {
      const { inputs, outputs, weight, bias, value } = layer;
      product(value, input, weight, batch, outputs, inputs, inputs, 1, 1, inputs);
      const last = l === layers.length - 1;
      for (let i = 0; i < batch; i++) {
        for (let j = 0; j < outputs; j++) {
          const z = (value[i * outputs + j] as number) + (bias[j] as number);
          value[i * outputs + j] = last || z > 0 ? z : 0;
        }
      }
      input = value;
    }
    const top = layers.at(-1) as (typeof layers)[number];
    const loss = crossEntropy(top.value, top.delta, labels, batch, top.outputs);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l] as (typeof layers)[number];
      const { inputs, outputs, weight, bias, delta, gradient } = layer;
      const below = layers[l - 1];
      const source = below === undefined ? x : below.value;
      product(gradient, delta, source, outputs, inputs, batch, 1, outputs, inputs, 1);
      if (below !== undefined) {
        product(below.delta, delta, weight, batch, inputs, outputs, outputs, 1, inputs, 1);
        for (let i = 0; i < below.delta.length; i++) {
          if ((below.value[i] as number) <= 0) below.delta[i] = 0;
        }
      }
      for (let i = 0; i < weight.length; i++) {
        weight[i] = (weight[i] as number) - lr * (gradient[i] as number);
      }
      for (let j = 0; j < outputs; j++) {
        let sum = 0;
        for (let i = 0; i < batch; i++) sum += delta[i * outputs + j] as number;
        bias[j] = (bias[j] as number) - lr * sum;
      }
    }
    return loss;
  };
}

/** The mean loss; `delta` becomes its gradient with respect to the scores. */
function crossEntropy(
  scores: Float32Array,
  delta: Float32Array,
  labels: Int32Array,
  batch: number,
  classes: number,
): number {
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const row = i * classes;
    let max = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) max = Math.max(max, scores[row + j] as number);
    let total = 0;
    for (let j = 0; j < classes; j++) total += Math.exp((scores[row + j] as number) - max);
    const label = labels[i] as number;
    loss += max + Math.log(total) - (scores[row + label] as number);
    for (let j = 0; j < classes; j++) {
      const p = Math.exp((scores[row + j] as number) - max) / total;
      delta[row + j] = (p - (j === label ? 1 : 0)) / batch;
    }
  }
  return loss / batch;
}
