// The worked examples of the lecture decks that need layers: gates, networks of steps, softmax
// regression, symmetry.

import {
  assign,
  Generator,
  noGrad,
  oneHot,
  ones,
  setBackend,
  type Tensor,
  tensor,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { constant, type Initializer } from "@chainrule/init";
import { beforeAll, describe, expect, it } from "vitest";
import {
  crossEntropy,
  Linear,
  l2Penalty,
  type Module,
  mse,
  Sequential,
  Sigmoid,
  Step,
} from "./index.js";
import { expectClose } from "./testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** The four rows of every truth table. */
const rows = (): Tensor =>
  tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);

/** A layer with one row [bias, w1, w2, …] for each unit, as the decks write them. */
function layer(theta: number[][]): Linear {
  return new Linear((theta[0] ?? []).length - 1, theta.length, {
    weightInit: tensor(theta.map((row) => row.slice(1))),
    biasInit: tensor(theta.map((row) => row[0] ?? 0)),
  });
}

const logistic = (...theta: number[][]): [Linear, Sigmoid] => [layer(theta), new Sigmoid()];
const steps = (...theta: number[][]): [Linear, Step] => [layer(theta), new Step()];

const and = [-30, 20, 20];
const or = [-10, 20, 20];
const neither = [10, -20, -20];

describe("gates of logistic units", () => {
  it.each([
    ["AND", and, [0, 0, 0, 1]],
    ["OR", or, [0, 1, 1, 1]],
    ["(NOT x1) AND (NOT x2)", neither, [1, 0, 0, 0]],
  ])("%s", (_, theta, table) => {
    const gate = new Sequential(...logistic(theta));
    expectClose(gate.forward(rows()).reshape([4]), table, 1e-4); // σ(±10) is 4.5e-5 away
  });

  it("XNOR is OR of AND and NEITHER, in two layers", () => {
    const xnor = new Sequential(...logistic(and, neither), ...logistic(or));
    expectClose(xnor.forward(rows()).reshape([4]), [1, 0, 0, 1], 1e-4);
  });
});

describe("networks of steps", () => {
  it("Θ1 and Θ2 of the decks: z2 = [2, 2, 5], a2 = [1, 1, 1], z3 = 2, h = 1", () => {
    const [first, activate, second, decide] = [
      ...steps([1, 0, 0, 1], [0, -1, 1, 0], [2, 0, 1, 1]),
      ...steps([0, 1, 1, 0]),
    ];
    const z2 = first.forward(tensor([0, 2, 1]));
    const a2 = activate.forward(z2);
    const z3 = second.forward(a2);
    expectClose(z2, [2, 2, 5]);
    expectClose(a2, [1, 1, 1]);
    expectClose(z3, [2]);
    expectClose(decide.forward(z3), [1]);
  });

  const both = [-2, 1, 1];
  const any = [-1, 1, 1];
  const none = [0, -1, -1];

  it.each([
    ["AND", both, [0, 0, 0, 1]],
    ["OR", any, [0, 1, 1, 1]],
    ["NOR", none, [1, 0, 0, 0]],
  ])("%s", (_, theta, table) => {
    expectClose(new Sequential(...steps(theta)).forward(rows()).reshape([4]), table);
  });

  it("XNOR is OR of AND and NOR", () => {
    const xnor = new Sequential(...steps(both, none), ...steps(any));
    expectClose(xnor.forward(rows()).reshape([4]), [1, 0, 0, 1]);
  });

  it("is positive exactly in the rectangle 1 ≤ x ≤ 3, 0 ≤ y ≤ 2: four half-planes, all of them", () => {
    const inside = new Sequential(
      ...steps([-1, 1, 0], [3, -1, 0], [0, 0, 1], [2, 0, -1]),
      ...steps([-4, 1, 1, 1, 1]),
    );
    const grid = Array.from({ length: 81 }, (_, i) => [(i % 9) / 2, Math.floor(i / 9) / 2 - 1]);
    const expected = grid.map(([x = 0, y = 0]) => Number(x >= 1 && x <= 3 && y >= 0 && y <= 2));
    expect(expected.filter((value) => value === 1).length).toBe(25);
    expectClose(inside.forward(tensor(grid)).reshape([81]), expected);
  });

  it("decides as logistic units do at the threshold ½", () => {
    const theta = [0.25, -1, 0.5];
    const x = tensor([
      [0, 0],
      [1, 1],
      [0.25, 0],
      [2, 3.5],
      [2, 3.25],
    ]);
    const decision = new Sequential(...logistic(theta)).forward(x).greaterEqual(0.5);
    expectClose(
      new Sequential(...steps(theta)).forward(x),
      decision.astype("float32").arraySync() as number[][],
    );
  });
});

// J = -(1/m) Σ Y ∘ ln A + (α/2)‖W‖², here with the examples in rows and W as [out, in].
it("softmax regression with L2: gradients (A - Y)ᵀX/m + αW, and the mean of A - Y for the bias", () => {
  const alpha = 0.1;
  const model = layer([
    [0.5, 1, -1],
    [0, 0.25, 2],
    [-1, 0, 0.5],
  ]);
  const x = tensor([
    [1, 2],
    [-1, 0.5],
    [0, -2],
    [3, 1],
  ]);
  const classes = tensor([0, 2, 1, 1], { dtype: "int32" });
  const logits = model.forward(x);
  crossEntropy(logits, classes)
    .add(l2Penalty([model.weight], alpha))
    .backward();
  const difference = logits.detach().softmax().sub(oneHot(classes, 3));
  const gradient = difference.T.matmul(x).div(4).add(model.weight.detach().mul(alpha));
  expectClose(model.weight.grad, gradient.arraySync() as number[][]);
  expectClose(model.bias?.grad ?? null, difference.mean(0).arraySync() as number[]);
});

describe("symmetry", () => {
  /** Gradient descent on OR; returns the hidden layer. */
  function train(start: Initializer, steps: number): Linear {
    const hidden = new Linear(2, 4, { weightInit: start, biasInit: start });
    const out = new Linear(4, 1, { weightInit: start, biasInit: start });
    const model: Module = new Sequential(hidden, new Sigmoid(), out, new Sigmoid());
    const target = tensor([[0], [1], [1], [1]]);
    for (let step = 0; step < steps; step++) {
      model.zeroGrad();
      mse(model.forward(rows()), target).backward();
      noGrad(() => {
        for (const p of model.parameters()) if (p.grad !== null) assign(p, p.sub(p.grad));
      });
    }
    return hidden;
  }

  /** The distance of the hidden units from the first of them. */
  function spread(hidden: Linear): unknown {
    return hidden.weight.sub(hidden.weight.at("0:1")).abs().max().itemSync();
  }

  it.each([0, 0.3])("units that start equal, at %d, stay equal", (value) => {
    const hidden = train((shape, options) => constant(shape, value, options), 25);
    expect(spread(hidden)).toBe(0);
    expect(hidden.weight.sub(value).abs().max().itemSync()).toBeGreaterThan(0);
  });

  it("units that start apart do not", () => {
    const generator = new Generator(0);
    const hidden = new Linear(2, 4, { generator });
    expect(spread(hidden)).toBeGreaterThan(0);
  });
});

it("two linear layers are one", () => {
  const generator = new Generator(1);
  const first = new Linear(3, 4, { bias: false, generator });
  const second = new Linear(4, 2, { bias: false, generator });
  const x = ones([1, 3]);
  const both = new Linear(3, 2, {
    bias: false,
    weightInit: second.weight.detach().matmul(first.weight.detach()),
  });
  expectClose(new Sequential(first, second).forward(x), both.forward(x).arraySync() as number[][]);
});
