// W1: 784-128-64-10, ReLU, mean cross-entropy, SGD 0.05.

import { initialParameters, labelledBatches, seeded } from "../arrays.js";
import type { Training } from "../task.js";
import type { Workload } from "../workload.js";
import { perceptron } from "./perceptron.js";

const layers = perceptron([784, 128, 64, 10], "relu");

/** Training steps of W1 on batches of 32, 64 and 128. */
export const w1: readonly Workload[] = [32, 64, 128].map((batch) => ({
  id: `w1/b${batch}`,
  title: `W1: training 784-128-64-10, ReLU, SGD, batch ${batch}`,
  unit: "steps/s",
  perRun: 1,
  task: () => w1Task(batch),
}));

function w1Task(batch: number): Training {
  return {
    kind: "training",
    layers,
    parameters: initialParameters(layers, seeded(1)),
    loss: "crossEntropy",
    optimizer: { name: "sgd", lr: 0.05 },
    batches: labelledBatches(16, [batch, 784], seeded(7)),
    resident: false,
    checkedSteps: 5,
  };
}
