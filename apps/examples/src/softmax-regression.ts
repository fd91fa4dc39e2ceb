// Softmax regression: the gradient that autograd finds is the one on the blackboard.
//
// One layer, A = softmax(X Wᵀ + b), examples in rows, Y one-hot, and
//   J = -(1/m) Σ Y ∘ ln A + (α/2) ‖W‖²
//   ∂J/∂W = (A - Y)ᵀ X / m + α W,  ∂J/∂b = column mean of A - Y
// The penalty is on the weights, not on the biases. J is convex: zeros are as good a start as any.

import {
  accuracy,
  crossEntropy,
  Linear,
  l2Penalty,
  manualSeed,
  noGrad,
  oneHot,
  randn,
  SGD,
  standardize,
  type Tensor,
  tensor,
  zeros,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

const alpha = 0.01;
// Mean length and width in cm of sepals and petals of three kinds of iris, and how much they vary.
const kinds = [
  { mean: [5.0, 3.4, 1.5, 0.2], deviation: [0.35, 0.38, 0.17, 0.1] },
  { mean: [5.9, 2.8, 4.3, 1.3], deviation: [0.52, 0.31, 0.47, 0.2] },
  { mean: [6.6, 3.0, 5.6, 2.0], deviation: [0.64, 0.32, 0.55, 0.27] },
] as const;

/** Fifty made-up flowers of each kind: [150, 4] and the kind of each, 0 to 2. */
function flowers(): { x: Tensor; y: Tensor } {
  const label = Int32Array.from({ length: 150 }, (_, i) => i % 3);
  const rows = (of: "mean" | "deviation"): Tensor =>
    tensor(kinds.map((kind) => kind[of])).take(tensor(label));
  return { x: rows("mean").add(randn([150, 4]).mul(rows("deviation"))), y: tensor(label) };
}

/** Where training stood before one of its steps. */
export interface RegressionStep {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  /** The largest difference between the gradient of autograd and the closed form. */
  readonly difference: number;
}

/** Gradient descent from zeros, looked at before some of its steps. */
function run(): RegressionStep[] {
  const measured = [0, 1, 10, 100, 300];
  manualSeed(0);
  const { x: raw, y } = flowers();
  // Mean 0 and deviation 1 in every feature: one learning rate fits all of them.
  const x = standardize(raw, { perFeature: true }).apply(raw);
  const model = new Linear(4, 3, { weightInit: zeros, biasInit: zeros });
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  const found: RegressionStep[] = [];
  for (let step = 0; step <= Math.max(...measured); step++) {
    const logits = model.forward(x);
    const penalty = l2Penalty([model.weight], alpha);
    const loss = crossEntropy(logits, y).add(penalty);
    optimizer.zeroGrad();
    loss.backward();
    if (measured.includes(step)) {
      found.push({
        step,
        loss: loss.itemSync(),
        accuracy: accuracy(logits, y).itemSync(),
        difference: largestDifference(model, x, y),
      });
    }
    optimizer.step();
  }
  return found;
}

/** How far the gradients in `model` are from the closed forms, at most. */
function largestDifference(model: Linear, x: Tensor, y: Tensor): number {
  return noGrad(() => {
    const residual = model.forward(x).softmax(1).sub(oneHot(y, 3)); // A - Y, [150, 3]
    const closedForms = {
      weight: residual.T.matmul(x).div(y.size).add(model.weight.mul(alpha)),
      bias: residual.mean(0),
    };
    const differences = (["weight", "bias"] as const).map((name) => {
      const byAutograd = model[name]?.grad;
      return byAutograd ? closedForms[name].sub(byAutograd).abs().max().itemSync() : Number.NaN;
    });
    return Math.max(...differences);
  });
}

function report(found: readonly RegressionStep[]): string {
  const rows = found.map(({ step, loss, accuracy, difference }) => [
    step,
    loss.toFixed(4),
    accuracy.toFixed(3),
    difference.toExponential(1),
  ]);
  return [
    "150 flowers of three kinds, by four lengths; gradient descent from zeros\n",
    table(["step", "J", "right", "autograd - closed form"], rows),
    "\nThe gradients differ by the rounding of float32 only.",
  ].join("\n");
}

const holds = (found: readonly RegressionStep[]): boolean =>
  found.every(({ difference }) => difference < 1e-6) && (found.at(-1)?.accuracy ?? 0) > 0.9;

export const example: Example<RegressionStep[]> = { run, report, holds };
