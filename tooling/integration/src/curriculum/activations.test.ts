// Curriculum §2: facts about slopes, and which output unit goes with which loss. Values and kinks of
// every activation are tested in nn, activations/activations.test.ts.

import { bceWithLogits, crossEntropy, grad, mse, softmax, type Tensor, tensor } from "chainrule";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../packages/nn/src/testing.js";

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/** The slope of `f` at each element of `x`. */
const slopes = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => grad((v: Tensor) => f(v).sum())(x);

const points = [-10, -3, -0.5, 0, 1, 2.5, 10];
const x = (): Tensor => tensor(points, { dtype: "float64" });

describe("sigmoid and tanh", () => {
  it("σ' = (1 - σ) σ, ¼ at most", () => {
    const wanted = points.map((z) => (1 - logistic(z)) * logistic(z));
    expectClose(
      slopes((v) => v.sigmoid(), x()),
      wanted,
      1e-15,
    );
    expect(Math.max(...wanted)).toBe(0.25);
  });

  it("tanh' = 1 - tanh²", () => {
    const wanted = points.map((z) => 1 - Math.tanh(z) ** 2);
    expectClose(
      slopes((v) => v.tanh(), x()),
      wanted,
      1e-15,
    );
  });

  it("tanh is the sigmoid, stretched and centred: tanh x = 2σ(2x) - 1", () => {
    const centred = x().mul(2).sigmoid().mul(2).sub(1);
    expectClose(x().tanh(), centred.arraySync() as number[], 1e-15);
    const symmetric = tensor([-2, -1, 0, 1, 2], { dtype: "float64" });
    expect(symmetric.tanh().mean().itemSync()).toBeCloseTo(0, 15);
    expect(symmetric.sigmoid().mean().itemSync()).toBeCloseTo(0.5, 15);
  });
});

describe("saturation", () => {
  it("leaves nothing of the gradient: σ'(10) is 0.00005, and 0 in float32 from 20 on", () => {
    expect(slopes((v) => v.sigmoid(), tensor([10])).itemSync()).toBeCloseTo(0.000045, 6);
    expect(slopes((v) => v.sigmoid(), tensor([20, 100])).arraySync()).toEqual([0, 0]);
    expect(slopes((v) => v.tanh(), tensor([10, -10])).arraySync()).toEqual([0, 0]);
  });

  it("k sigmoids in a row pass (¼)ᵏ at most", () => {
    for (const k of [1, 2, 5, 10]) {
      const chain = (v: Tensor): Tensor => {
        let a = v;
        for (let i = 0; i < k; i++) a = a.sigmoid();
        return a;
      };
      expect(slopes(chain, x()).max().itemSync()).toBeLessThanOrEqual(0.25 ** k);
    }
  });
});

describe("output units: with the loss that belongs to it, ∂J/∂z is ŷ - y", () => {
  const z = [0.3, -1.2, 2];

  it("linear and ½(ŷ - y)², for regression", () => {
    const y = [1, 0, -4];
    const loss = (v: Tensor): Tensor => mse(v, tensor(y), { reduction: "sum" }).mul(0.5);
    expectClose(
      grad(loss)(tensor(z)),
      z.map((each, i) => each - (y[i] ?? 0)),
    );
  });

  it("sigmoid and binary cross entropy, for Bernoulli", () => {
    const y = [1, 0, 0];
    const loss = (v: Tensor): Tensor => bceWithLogits(v, tensor(y), { reduction: "sum" });
    expectClose(
      grad(loss)(tensor(z)),
      z.map((each, i) => logistic(each) - (y[i] ?? 0)),
    );
  });

  it("softmax and cross entropy, for categorical", () => {
    const loss = (v: Tensor): Tensor => crossEntropy(v, tensor(1, { dtype: "int32" }));
    const total = z.reduce((sum, each) => sum + Math.exp(each), 0);
    expectClose(
      grad(loss)(tensor(z)),
      z.map((each, i) => Math.exp(each) / total - Number(i === 1)),
    );
  });

  it("softmax of two classes is the sigmoid of their difference", () => {
    for (const [a = 0, b = 0] of [
      [0, 0],
      [1, -2],
      [30, 31],
    ]) {
      expectClose(softmax(tensor([a, b])), [logistic(a - b), logistic(b - a)]);
    }
  });
});
