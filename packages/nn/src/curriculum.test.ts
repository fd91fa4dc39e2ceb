// The worked examples of the lecture decks that need layers: gates, XNOR from gates, symmetry.

import {
  assign,
  Generator,
  interpreter,
  noGrad,
  ones,
  setBackend,
  type Tensor,
  tensor,
} from "@chainrule/core";
import { constant, type Initializer } from "@chainrule/init";
import { beforeAll, describe, expect, it } from "vitest";
import { Linear, type Module, mse, Sequential, Sigmoid } from "./index.js";
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

const fixed =
  (values: number[] | number[][]): Initializer =>
  (_shape, options) =>
    tensor(values, options);

/** A layer of logistic units: one row [bias, w1, w2] each, as the decks write them. */
function units(...theta: number[][]): [Linear, Sigmoid] {
  const linear = new Linear(2, theta.length, {
    weightInit: fixed(theta.map((row) => row.slice(1))),
    biasInit: fixed(theta.map((row) => row[0] ?? 0)),
  });
  return [linear, new Sigmoid()];
}

const and = [-30, 20, 20];
const or = [-10, 20, 20];
const neither = [10, -20, -20];

describe("gates of logistic units", () => {
  it.each([
    ["AND", and, [0, 0, 0, 1]],
    ["OR", or, [0, 1, 1, 1]],
    ["(NOT x1) AND (NOT x2)", neither, [1, 0, 0, 0]],
  ])("%s", (_, theta, table) => {
    const gate = new Sequential(...units(theta));
    expectClose(gate.forward(rows()).reshape([4]), table, 1e-4); // σ(±10) is 4.5e-5 away
  });

  it("XNOR is OR of AND and NEITHER, in two layers", () => {
    const xnor = new Sequential(...units(and, neither), ...units(or));
    expectClose(xnor.forward(rows()).reshape([4]), [1, 0, 0, 1], 1e-4);
  });
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
    weightInit: () => second.weight.detach().matmul(first.weight.detach()),
  });
  expectClose(new Sequential(first, second).forward(x), both.forward(x).arraySync() as number[][]);
});
