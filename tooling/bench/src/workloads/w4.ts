// W4: 2-4-1, sigmoid everywhere, mean squared error, SGD 0.5, the four XNOR rows.

import type { Layer, Training } from "../task.js";
import type { Workload } from "../workload.js";
import { perceptron } from "./perceptron.js";

const layers: readonly Layer[] = [...perceptron([2, 4, 1], "sigmoid"), { name: "sigmoid" }];

const how = { unit: "steps/s", perRun: 1 } as const;

/** Steps of W4 with the rows handed over each time, and with rows that stay, as they never change. */
export const w4: readonly Workload[] = [
  {
    ...how,
    id: "w4/given",
    title: "W4: training 2-4-1 on XNOR, sigmoid, SGD, rows handed over at each step",
    task: () => w4Task(false),
  },
  {
    ...how,
    id: "w4/kept",
    title: "W4: training 2-4-1 on XNOR, sigmoid, SGD, rows kept by the engine",
    task: () => w4Task(true),
  },
];

function w4Task(resident: boolean): Training {
  return {
    kind: "training",
    layers,
    parameters: [
      { shape: [4, 2], data: Float32Array.of(0.5, -0.4, 0.3, 0.8, -0.6, 0.2, 0.9, 0.7) },
      { shape: [4], data: Float32Array.of(0.1, -0.2, 0.3, 0) },
      { shape: [1, 4], data: Float32Array.of(0.4, -0.7, 0.6, 0.2) },
      { shape: [1], data: Float32Array.of(0.1) },
    ],
    loss: "squaredError",
    optimizer: { name: "sgd", lr: 0.5 },
    batches: [
      {
        x: { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) },
        y: { shape: [4, 1], data: Float32Array.of(1, 0, 0, 1) },
      },
    ],
    resident,
    checkedSteps: 12,
  };
}
