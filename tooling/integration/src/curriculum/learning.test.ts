// Curriculum §3: how it is minimised. Where to start from: the example apps/examples/src/symmetry.ts.

import {
  Adam,
  type AnyOptimizer,
  DataLoader,
  grad,
  Linear,
  mse,
  SGD,
  standardize,
  type Tensor,
  TensorDataset,
  tensor,
  zeros,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../packages/nn/src/testing.js";

describe("gradient descent", () => {
  it("on ½λw² multiplies w by 1 - ηλ: it gets there for η < 2/λ and runs away above", () => {
    const follow = (lr: number): number[] => {
      const w = tensor([8], { requiresGrad: true });
      const optimizer = new SGD([w], { lr });
      return [1, 2, 3].map(() => {
        optimizer.zeroGrad();
        w.square().sum().backward(); // λ = 2
        optimizer.step();
        return w.itemSync();
      });
    };
    expect(follow(0.25)).toEqual([4, 2, 1]);
    expect(follow(0.5)).toEqual([0, 0, 0]);
    expect(follow(0.75)).toEqual([-4, 2, -1]);
    expect(follow(1.5)).toEqual([-16, 32, -64]);
  });

  it("against (ŷ - y)∇ŷ goes down; with the sign of the deck, (y - ŷ)∇ŷ, it climbs", () => {
    const [w, x, y, lr] = [tensor(0.5), 3, 6, 0.05];
    const J = (v: Tensor): Tensor => mse(v.mul(x), tensor(y)).mul(0.5);
    const slope = (0.5 * x - y) * x; // (ŷ - y) ∇ŷ
    expect(grad(J)(w).itemSync()).toBe(slope);
    expect(J(w.sub(lr * slope)).itemSync()).toBeLessThan(J(w).itemSync());
    expect(J(w.sub(lr * -slope)).itemSync()).toBeGreaterThan(J(w).itemSync());
  });

  // y = 2x₁ - 3x₂ + 1 on twelve points.
  const points = Array.from({ length: 12 }, (_, i) => [Math.cos(i), Math.sin(2 * i)] as const);
  const inputs = (): Tensor => tensor(points);
  const targets = (): Tensor => tensor(points.map(([x1, x2]) => [2 * x1 - 3 * x2 + 1]));
  const neuron = (): Linear => new Linear(2, 1, { weightInit: zeros, biasInit: zeros });

  it("the gradient of all examples is the mean of the gradients of each", () => {
    const gradientAt = (x: Tensor, y: Tensor): Tensor => {
      const model = neuron();
      mse(model.forward(x), y).backward();
      return model.weight.grad as Tensor;
    };
    const [x, y] = [inputs(), targets()];
    const rows = points.map((_, i) => ({ start: i, stop: i + 1 }));
    const each = rows.map((row) => gradientAt(x.at(row), y.at(row)));
    const mean = each.reduce((sum, gradient) => sum.add(gradient)).div(12);
    expectClose(gradientAt(x, y), mean.arraySync() as number[][]);
  });

  const sgd = (model: Linear): AnyOptimizer => new SGD(model.parameters(), { lr: 0.1 });
  const adam = (model: Linear): AnyOptimizer => new Adam(model.parameters(), { lr: 0.1 });
  it.each([
    ["gradient descent", 12, 1, sgd],
    ["stochastic gradient descent, example by example", 1, 12, sgd],
    ["stochastic gradient descent by minibatches of 4", 4, 3, sgd],
    ["Adam by minibatches of 5, the last one of 2", 5, 3, adam],
  ] as const)("%s: batches of %d, %d iterations per epoch", (_, batchSize, iterations, make) => {
    const data = new TensorDataset(inputs(), targets());
    const loader = new DataLoader(data, { batchSize, shuffle: true, seed: 0 });
    const model = neuron();
    const optimizer = make(model);
    for (let epoch = 0; epoch < 200; epoch++) {
      let steps = 0;
      for (const [x, y] of loader) {
        optimizer.zeroGrad();
        mse(model.forward(x), y).backward();
        optimizer.step();
        steps += 1;
      }
      expect(steps).toBe(iterations);
    }
    expectClose(model.weight, [[2, -3]], 1e-3);
    expectClose(model.bias, [1], 1e-3);
  });

  it("Adam's first step is the learning rate, against the sign of the gradient", () => {
    const w = tensor([1, 1, 1], { requiresGrad: true });
    const slopes = tensor([1000, -0.01, 3]);
    w.mul(slopes).sum().backward();
    new Adam([w], { lr: 0.1 }).step();
    expectClose(w, [0.9, 1.1, 0.9], 1e-5);
  });
});

describe("inputs normalised to mean zero", () => {
  const raw = Array.from({ length: 20 }, (_, i) => [100 + Math.cos(i), 5 + 3 * Math.sin(i)]);
  const targets = raw.map(([x1 = 0, x2 = 0]) => [x1 + x2]);

  it("let gradient descent run; on the raw ones it crawls, or runs away", () => {
    const lossAfter = (x: Tensor, lr: number): number => {
      const y = tensor(targets, { dtype: "float64" });
      const model = new Linear(2, 1, { weightInit: zeros, biasInit: zeros, dtype: "float64" });
      const optimizer = new SGD(model.parameters(), { lr });
      for (let step = 0; step < 50; step++) {
        optimizer.zeroGrad();
        mse(model.forward(x), y).backward();
        optimizer.step();
      }
      return mse(model.forward(x), y).itemSync();
    };
    const x = tensor(raw, { dtype: "float64" });
    // The largest curvature is about 2 · mean of x₁² + x₂² + 1 = 2 · 10,030: rates end at 1/10,030.
    expect(lossAfter(x, 1 / 11_000)).toBeGreaterThan(0.1);
    expect(lossAfter(x, 1 / 9000)).toBeGreaterThan(1e6);
    expect(lossAfter(standardize(x, { perFeature: true }).apply(x), 0.4)).toBeLessThan(1e-9);
  });
});
