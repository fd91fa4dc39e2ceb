// Curriculum §3: what is minimised.

import {
  bce,
  crossEntropy,
  grad,
  Linear,
  mse,
  nll,
  oneHot,
  SGD,
  type Tensor,
  tensor,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../packages/nn/src/testing.js";

describe("losses", () => {
  it("J = (1/m) Σ ½‖ŷ - y‖² over examples is not half of the mean over elements", () => {
    // Squares 1, 0, 4, 16; m = 2 examples of two outputs.
    const output = tensor(Float32Array.of(1, 2, 3, 5), { shape: [2, 2] });
    const target = tensor(Float32Array.of(0, 2, 1, 1), { shape: [2, 2] });
    const sum = mse(output, target, { reduction: "sum" });
    expect(sum.mul(0.5).itemSync()).toBe(10.5);
    expect(sum.mul(0.5).div(2).itemSync()).toBe(5.25);
    expect(mse(output, target).mul(0.5).itemSync()).toBe(2.625);
  });

  it("negative log-likelihood: -ln p(y|x)", () => {
    const p = [
      [0.5, 0.25, 0.25],
      [0.1, 0.1, 0.8],
    ];
    const y = tensor([1, 2], { dtype: "int32" });
    const each = nll(tensor(p).log(), y, { reduction: "none" });
    expectClose(each, [Math.log(4), -Math.log(0.8)]);
  });

  it("-[y log h + (1 - y) log(1 - h)] is -ln of the likelihood of Bernoulli variables", () => {
    const [h, y] = [
      [0.9, 0.2, 0.6],
      [1, 0, 0],
    ];
    const likelihood = 0.9 * (1 - 0.2) * (1 - 0.6);
    const loss = bce(tensor(h), tensor(y), { reduction: "sum" }).itemSync();
    expect(Math.exp(-loss)).toBeCloseTo(likelihood, 6);
  });

  it("the likelihood is largest where h is the share of ones", () => {
    const y = tensor([1, 0, 0, 1, 0, 0, 0, 1]);
    const loss = (h: Tensor): Tensor => bce(h.broadcastTo([8]), y, { reduction: "sum" });
    expect(grad(loss)(tensor(3 / 8)).itemSync()).toBeCloseTo(0, 5);
    for (const other of [0.2, 0.37, 0.38, 0.6]) {
      expect(loss(tensor(other)).itemSync()).toBeGreaterThan(loss(tensor(3 / 8)).itemSync());
    }
  });
});

describe("J = -(1/m) Σ Y ∘ ln A + (α/2)‖W‖², A = softmax(A_prev W + b)", () => {
  const alpha = 0.1;
  const previous = [
    [0.2, 0.9],
    [0.7, 0.1],
    [0.4, 0.4],
    [1, 0.3],
  ];
  const classes = [0, 2, 1, 2];
  const weight = [
    [0.5, -1, 0.2],
    [0.3, 0.8, -0.6],
  ];
  const bias = [0.1, 0, -0.2];

  // By plain arithmetic, an example per row.
  const outputs = previous.map((a) => {
    const z = bias.map((b, j) => a.reduce((sum, each, i) => sum + each * (weight[i]?.[j] ?? 0), b));
    const total = z.reduce((sum, each) => sum + Math.exp(each), 0);
    return z.map((each) => Math.exp(each) / total);
  });
  const errors = outputs.map((a, e) => a.map((p, j) => p - Number(classes[e] === j)));
  const m = previous.length;
  const squares = weight.flat().reduce((sum, w) => sum + w * w, 0);
  const value =
    -classes.reduce((sum, c, e) => sum + Math.log(outputs[e]?.[c] ?? 0), 0) / m +
    (alpha / 2) * squares;
  const weightGradient = weight.map((row, i) =>
    row.map((w, j) => {
      const sum = errors.reduce((s, error, e) => s + (previous[e]?.[i] ?? 0) * (error[j] ?? 0), 0);
      return sum / m + alpha * w;
    }),
  );
  const biasGradient = bias.map(
    (_, j) => errors.reduce((sum, error) => sum + (error[j] ?? 0), 0) / m,
  );

  const variable = (values: number[] | number[][]): Tensor =>
    tensor(values, { dtype: "float64", requiresGrad: true });
  const penalty = (W: Tensor): Tensor => W.square().sum().div(2).mul(alpha);
  const target = (): Tensor => tensor(classes, { dtype: "int32" });

  it("∂J/∂W = A_prevᵀ (A - Y) / m + αW and ∂J/∂b = column mean of A - Y, examples in rows", () => {
    const [W, b] = [variable(weight), variable(bias)];
    const logits = tensor(previous, { dtype: "float64" }).matmul(W).add(b);
    const J = crossEntropy(logits, target()).add(penalty(W));
    J.backward();
    expectClose(J, value, 1e-14);
    expectClose(W.grad, weightGradient, 1e-14);
    expectClose(b.grad, biasGradient, 1e-14);
  });

  it("the same written out with one-hot Y and ln A", () => {
    const [W, b] = [variable(weight), variable(bias)];
    const A = tensor(previous, { dtype: "float64" }).matmul(W).add(b).softmax(1);
    const Y = oneHot(target(), 3, "float64");
    const J = Y.mul(A.log()).sum().div(-m).add(penalty(W));
    J.backward();
    expectClose(J, value, 1e-14);
    expectClose(W.grad, weightGradient, 1e-14);
    expectClose(b.grad, biasGradient, 1e-14);
  });

  it("with examples in columns, as the decks have them, everything is transposed", () => {
    const W = variable(weight[0]?.map((_, j) => weight.map((row) => row[j] ?? 0)) ?? []);
    const b = variable(bias.map((each) => [each]));
    const logits = W.matmul(tensor(previous, { dtype: "float64" }).T).add(b); // [classes, examples]
    crossEntropy(logits.T, target()).add(penalty(W)).backward();
    expectClose((W.grad as Tensor).T, weightGradient, 1e-14);
    const rowMean = biasGradient.map((each) => [each]);
    expectClose(b.grad, rowMean, 1e-14);
  });

  it("a step with weight decay α on the weights alone is a step on J", () => {
    const layer = new Linear(2, 3, {
      dtype: "float64",
      weightInit: tensor(weight, { dtype: "float64" }).T,
      biasInit: tensor(bias, { dtype: "float64" }),
    });
    const optimizer = new SGD(
      [{ params: [layer.weight], weightDecay: alpha }, { params: [layer.bias as Tensor] }],
      { lr: 0.5 },
    );
    crossEntropy(layer.forward(tensor(previous, { dtype: "float64" })), target()).backward();
    optimizer.step();
    const moved = (values: number[], gradient: number[] | undefined): number[] =>
      values.map((w, j) => w - 0.5 * (gradient?.[j] ?? 0));
    expectClose(
      layer.weight.T,
      weight.map((row, i) => moved(row, weightGradient[i])),
      1e-14,
    );
    expectClose(layer.bias, moved(bias, biasGradient), 1e-14);
  });
});
