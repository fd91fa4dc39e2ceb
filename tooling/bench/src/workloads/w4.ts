// W4: a training step of 2-4-1, sigmoid everywhere, mean squared error, SGD 0.5, on the four XNOR
// rows; eager, loss read as a number.

import { type js, Linear, mse, Sequential, SGD, Sigmoid, tensor } from "chainrule";
import type { Rival } from "../rounds.js";
import { handWrittenXnor } from "../yardsticks/xnor.js";

const initial = {
  w1: Float32Array.of(0.5, -0.4, 0.3, 0.8, -0.6, 0.2, 0.9, 0.7),
  b1: Float32Array.of(0.1, -0.2, 0.3, 0),
  w2: Float32Array.of(0.4, -0.7, 0.6, 0.2),
  b2: Float32Array.of(0.1),
};
const rows = Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1);
const targets = Float32Array.of(1, 0, 0, 1);

/** The rivals of W4, each with its first losses, which must agree. */
export function w4(backend: ReturnType<typeof js>): { rivals: Rival[]; losses: number[][] } {
  const steps = {
    "chainrule eager": eager(backend),
    "typed arrays": handWrittenXnor(initial, rows, targets, 0.5),
  };
  const losses = Object.values(steps).map((step) => Array.from({ length: 5 }, step));
  const rivals = Object.entries(steps).map(
    ([name, step]): Rival => ({
      name,
      run: (times) => {
        for (let i = 0; i < times; i++) step();
      },
    }),
  );
  return { rivals, losses };
}

function eager(backend: ReturnType<typeof js>): () => number {
  const first = new Linear(2, 4, { backend });
  const second = new Linear(4, 1, { backend });
  first.loadStateDict({
    weight: tensor(initial.w1, { shape: [4, 2], backend }),
    bias: tensor(initial.b1, { backend }),
  });
  second.loadStateDict({
    weight: tensor(initial.w2, { shape: [1, 4], backend }),
    bias: tensor(initial.b2, { backend }),
  });
  const model = new Sequential(first, new Sigmoid(), second, new Sigmoid());
  const x = tensor(rows, { shape: [4, 2], backend });
  const y = tensor(targets, { shape: [4, 1], backend });
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  return () => {
    optimizer.zeroGrad();
    const loss = mse(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss.itemSync();
  };
}
