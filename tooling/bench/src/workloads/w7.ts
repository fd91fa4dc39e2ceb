// W7L: an LSTM layer, T 32, B 32, I 64, H 128. W7T: a Transformer block, B 8, T 64, D 128, 4 heads, FF
// 512. Both: loss mean(out²), SGD 0.1.

import { initialParameters, seeded, uniform } from "../arrays.js";
import type { Layer, Training } from "../task.js";
import type { Workload } from "../workload.js";

const how = { unit: "steps/s", perRun: 1 } as const;

export const w7: readonly Workload[] = [
  {
    ...how,
    id: "w7/lstm",
    title: "W7L: training an LSTM layer, T 32, B 32, 64 → 128, SGD",
    task: () => w7Task({ name: "lstm", inputs: 64, hidden: 128 }, [32, 32, 64]),
  },
  {
    ...how,
    id: "w7/transformer",
    title: "W7T: training a Transformer block, B 8, T 64, D 128, 4 heads, FF 512, SGD",
    task: () => w7Task({ name: "transformer", width: 128, heads: 4, hidden: 512 }, [8, 64, 128]),
  },
];

function w7Task(layer: Layer, shape: readonly number[]): Training {
  const random = seeded(7);
  return {
    kind: "training",
    layers: [layer],
    parameters: initialParameters([layer], seeded(1)),
    loss: "meanSquare",
    optimizer: { name: "sgd", lr: 0.1 },
    batches: Array.from({ length: 4 }, () => ({ x: uniform(random, shape, -1, 1), y: null })),
    resident: false,
    checkedSteps: 3,
  };
}
