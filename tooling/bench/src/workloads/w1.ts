// W1: a training step of 784-128-64-10, ReLU, mean cross-entropy, SGD 0.05; eager, batch handed over
// as a host array, loss read as a number.

import {
  crossEntropy,
  type js,
  Linear,
  manualSeed,
  ReLU,
  Sequential,
  SGD,
  tensor,
} from "chainrule";
import type { Rival } from "../rounds.js";
import { handWrittenMlp } from "../yardsticks/mlp.js";
import { blocked, plain } from "../yardsticks/products.js";

const sizes = [784, 128, 64, 10];
const lr = 0.05;
const batches = 16;

/** The rivals of W1, each with its first losses, which must agree. */
export function w1(
  backend: ReturnType<typeof js>,
  batch: number,
): { rivals: Rival[]; losses: number[][] } {
  const data = randomBatches(batch);
  const initial = initialWeights();
  const steps = {
    "chainrule eager": eager(backend, initial, batch),
    "typed arrays, plain ikj": handWrittenMlp(sizes, initial, batch, lr, plain),
    "typed arrays, 2x4 blocks": handWrittenMlp(sizes, initial, batch, lr, blocked),
  };
  const losses: number[][] = [];
  const rivals = Object.entries(steps).map(([name, step]): Rival => {
    let next = 0;
    const once = (): number => {
      const { x, labels } = data[next++ % batches] as (typeof data)[number];
      return step(x, labels);
    };
    losses.push(Array.from({ length: 5 }, once));
    return {
      name,
      run: (times) => {
        for (let i = 0; i < times; i++) once();
      },
    };
  });
  return { rivals, losses };
}

type Weights = { weight: Float32Array; bias: Float32Array };

function initialWeights(): Weights[] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) / 2 ** 24 - 0.5;
  };
  return sizes.slice(1).map((outputs, l) => {
    const inputs = sizes[l] ?? 0;
    const scale = 2 / Math.sqrt(inputs);
    return {
      weight: Float32Array.from({ length: outputs * inputs }, () => random() * scale),
      bias: Float32Array.from({ length: outputs }, () => random() * scale),
    };
  });
}

function randomBatches(batch: number): { x: Float32Array; labels: Int32Array }[] {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) / 2 ** 24;
  };
  return Array.from({ length: batches }, () => ({
    x: Float32Array.from({ length: batch * 784 }, random),
    labels: Int32Array.from({ length: batch }, () => Math.floor(random() * 10)),
  }));
}

function eager(
  backend: ReturnType<typeof js>,
  initial: readonly Weights[],
  batch: number,
): (x: Float32Array, labels: Int32Array) => number {
  manualSeed(0);
  const linear = initial.map(({ weight, bias }, l) => {
    const layer = new Linear(sizes[l] ?? 0, sizes[l + 1] ?? 0, { backend });
    layer.loadStateDict({
      weight: tensor(weight, { shape: layer.weight.shape, backend }),
      bias: tensor(bias, { backend }),
    });
    return layer;
  }) as [Linear, Linear, Linear];
  const model = new Sequential(linear[0], new ReLU(), linear[1], new ReLU(), linear[2]);
  const optimizer = new SGD(model.parameters(), { lr });
  return (x, labels) => {
    optimizer.zeroGrad();
    const scores = model.forward(tensor(x, { shape: [batch, 784], backend }));
    const loss = crossEntropy(scores, tensor(labels, { backend }));
    loss.backward();
    optimizer.step();
    return loss.itemSync();
  };
}
