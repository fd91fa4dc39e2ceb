// W3: two convolutions, two pools, two linear layers on images of 28×28, mean cross-entropy, Adam 1e-3.

import { initialParameters, labelledBatches, seeded } from "../arrays.js";
import type { Layer, Training } from "../task.js";
import type { Workload } from "../workload.js";

const layers: readonly Layer[] = [
  { name: "conv", inChannels: 1, outChannels: 8, window: 5 },
  { name: "relu" },
  { name: "maxPool", window: 2 },
  { name: "conv", inChannels: 8, outChannels: 16, window: 5 },
  { name: "relu" },
  { name: "maxPool", window: 2 },
  { name: "flatten" },
  { name: "linear", inputs: 256, outputs: 128 },
  { name: "relu" },
  { name: "linear", inputs: 128, outputs: 10 },
];

export const w3: Workload = {
  id: "w3",
  title: "W3: training a CNN on 28×28, Adam, batch 64",
  unit: "steps/s",
  perRun: 1,
  task: w3Task,
};

function w3Task(): Training {
  return {
    kind: "training",
    layers,
    parameters: initialParameters(layers, seeded(1)),
    loss: "crossEntropy",
    optimizer: { name: "adam", lr: 1e-3 },
    batches: labelledBatches(8, [64, 1, 28, 28], seeded(7)),
    resident: false,
    checkedSteps: 3,
  };
}
