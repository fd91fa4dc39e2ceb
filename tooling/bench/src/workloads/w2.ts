// W2: 784-1024-1024-10, ReLU, mean cross-entropy, Adam 1e-3, batch 128.

import { initialParameters, labelledBatches, seeded } from "../arrays.js";
import type { Training } from "../task.js";
import type { Workload } from "../workload.js";
import { perceptron } from "./perceptron.js";

const layers = perceptron([784, 1024, 1024, 10], "relu");

export const w2: Workload = {
  id: "w2",
  title: "W2: training 784-1024-1024-10, ReLU, Adam, batch 128",
  unit: "steps/s",
  perRun: 1,
  task: w2Task,
};

/** The task of W2, whose memory W8 measures. */
export function w2Task(): Training {
  return {
    kind: "training",
    layers,
    parameters: initialParameters(layers, seeded(1)),
    loss: "crossEntropy",
    optimizer: { name: "adam", lr: 1e-3 },
    batches: labelledBatches(4, [128, 784], seeded(7)),
    resident: false,
    checkedSteps: 3,
  };
}
