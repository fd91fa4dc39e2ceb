// Values and slopes of all activations in closed form; kinks as PyTorch's.

import { ShapeError, setBackend, type Tensor, tensor, ValueError, zeros } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Abs,
  ELU,
  Hardtanh,
  Identity,
  LeakyReLU,
  LogSoftmax,
  Maxout,
  type Module,
  PReLU,
  ReLU,
  Sigmoid,
  Softmax,
  Softplus,
  Step,
  Tanh,
} from "../index.js";
import { expectClose, type Numbers } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const { E, LN2 } = Math;
const ln = Math.log;

type Case = [title: string, make: () => Module, x: number[], y: number[], slope: number[]];

// biome-ignore format: a table
const elementwise: readonly Case[] = [
  ["Identity", () => new Identity(), [-2, 0, 3], [-2, 0, 3], [1, 1, 1]],
  ["Step, 1 at 0, without a slope", () => new Step(), [-2, -0, 0, 3], [0, 1, 1, 1], [0, 0, 0, 0]],
  ["Sigmoid", () => new Sigmoid(), [0, ln(3), -ln(3)], [0.5, 0.75, 0.25], [0.25, 0.1875, 0.1875]],
  ["Tanh", () => new Tanh(), [0, ln(2), -ln(3)], [0, 0.6, -0.8], [1, 0.64, 0.36]],
  ["Hardtanh, flat at its bounds", () => new Hardtanh(), [-3, -1, -0.5, 1, 2], [-1, -1, -0.5, 1, 1], [0, 0, 1, 0, 0]],
  ["Hardtanh of other bounds", () => new Hardtanh({ minVal: 0, maxVal: 6 }), [-1, 0, 1, 6, 7], [0, 0, 1, 6, 6], [0, 0, 1, 0, 0]],
  ["Hardtanh with one bound", () => new Hardtanh({ maxVal: 0.5 }), [-3, 0, 2], [-1, 0, 0.5], [0, 1, 0]],
  ["ReLU", () => new ReLU(), [-2, 0, 3], [0, 0, 3], [0, 0, 1]],
  ["Abs", () => new Abs(), [-2, 0, 3], [2, 0, 3], [-1, 0, 1]],
  ["LeakyReLU", () => new LeakyReLU(), [-2, 0, 3], [-0.02, 0, 3], [0.01, 0.01, 1]],
  ["LeakyReLU of slope 0.1: max(0.1 x, x)", () => new LeakyReLU(0.1), [-2, 0, 3], [-0.2, 0, 3], [0.1, 0.1, 1]],
  ["PReLU", () => new PReLU(), [-2, 0, 3], [-0.5, 0, 3], [0.25, 0.25, 1]],
  ["ELU", () => new ELU(), [-1, -ln(2), 0, 3], [1 / E - 1, -0.5, 0, 3], [1 / E, 0.5, 1, 1]],
  ["ELU of alpha 2", () => new ELU(2), [-ln(4), 0, 3], [-1.5, 0, 3], [0.5, 2, 1]],
  ["Softplus", () => new Softplus(), [0, ln(3), 200], [LN2, ln(4), 200], [0.5, 0.75, 1]],
  ["Softplus of beta 2", () => new Softplus(2), [0, ln(3) / 2, -200], [LN2 / 2, LN2, 0], [0.5, 0.75, 0]],
];

/** The gradient of the sum of `y · weights`. */
function slope(model: Module, data: Numbers, weights: Numbers = 1): Tensor | null {
  const x = tensor(data, { requiresGrad: true });
  const y = model.forward(x).mul(tensor(weights)).sum();
  y.backward();
  return x.grad;
}

describe("elementwise", () => {
  it.each(elementwise)("%s", (_, make, x, y, expected) => {
    expectClose(make().forward(tensor(x)), y);
    expectClose(slope(make(), x), expected);
  });

  it("keeps shape and NaN", () => {
    for (const [title, make] of elementwise) {
      expect(make().forward(zeros([2, 0, 3])).shape, title).toEqual([2, 0, 3]);
      expectClose(make().forward(tensor([[Number.NaN]])), [[Number.NaN]]);
    }
  });
});

describe("along an axis", () => {
  const logits = [
    [ln(1), ln(3)],
    [500, 500],
  ];

  it("Softmax: p, with the slope p_i (δ_ij - p_j)", () => {
    expectClose(new Softmax().forward(tensor(logits)), [
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    expectClose(slope(new Softmax(), logits, [1, 0]), [
      [0.1875, -0.1875],
      [0.25, -0.25],
    ]);
  });

  it("LogSoftmax: ln p, with the slope δ_ij - p_j", () => {
    expectClose(new LogSoftmax().forward(tensor(logits)), [
      [ln(0.25), ln(0.75)],
      [-LN2, -LN2],
    ]);
    expectClose(slope(new LogSoftmax(), logits, [1, 0]), [
      [0.75, -0.75],
      [0.5, -0.5],
    ]);
  });

  it("takes the axis it is given", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expectClose(new Softmax(0).forward(x).sum(0), [1, 1]);
    expectClose(new LogSoftmax(0).forward(x).exp().sum(0), [1, 1]);
    expect(() => new LogSoftmax(2).forward(x)).toThrow("[logSoftmax] axis must exist");
  });
});

describe("PReLU", () => {
  it("learns one slope: the sum of the negative elements", () => {
    const layer = new PReLU(1, { init: 0.5 });
    expect(Object.keys(layer.stateDict())).toEqual(["weight"]);
    layer
      .forward(
        tensor([
          [-2, 3],
          [-1, 0],
        ]),
      )
      .sum()
      .backward();
    expectClose(layer.weight.grad, [-3]);
    expectClose(layer.forward(tensor(-2)), -1);
  });

  it("has a slope for each channel, axis 1", () => {
    const layer = new PReLU(2);
    layer.loadStateDict({ weight: tensor([0.5, 0.1]) });
    expectClose(
      layer.forward(
        tensor([
          [
            [-2, 1],
            [-2, 1],
          ],
        ]),
      ),
      [
        [
          [-1, 1],
          [-0.2, 1],
        ],
      ],
    );
    expect(() => layer.forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [PReLU] axis 1 must hold one channel for each parameter: expected [N, 2, ...], got [2, 3]. new PReLU() has one slope for all channels.]`,
    );
    expect(() => layer.forward(zeros([2]))).toThrow(ShapeError);
  });
});

describe("Maxout", () => {
  /** Pieces 1: (x₁, x₂ + 1) and 2: (-x₁, 2). */
  const layer = (): Maxout =>
    new Maxout(2, 2, 2, {
      weightInit: tensor([
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, 0],
      ]),
      biasInit: tensor([0, 1, 0, 2]),
    });

  it("is the largest piece, for each output by itself", () => {
    const maxout = layer();
    const x = tensor(
      [
        [-3, 4],
        [2, -5],
      ],
      { requiresGrad: true },
    );
    const y = maxout.forward(x);
    expectClose(y, [
      [3, 5],
      [2, 2],
    ]);
    y.sum().backward();
    expectClose(x.grad, [
      [-1, 1],
      [1, 0],
    ]);
    expectClose(maxout.weight.grad, [
      [2, -5],
      [-3, 4],
      [-3, 4],
      [2, -5],
    ]);
    expectClose(maxout.bias?.grad ?? null, [1, 1, 1, 1]);
  });

  it("gives the gradient of a tie to the first piece", () => {
    expectClose(slope(layer(), [0, 1]), [1, 1]);
  });

  it("keeps leading axes and has a state dict of two", () => {
    expect(layer().forward(zeros([2])).shape).toEqual([2]);
    expect(layer().forward(zeros([4, 3, 2])).shape).toEqual([4, 3, 2]);
    expect(layer().forward(zeros([0, 2])).shape).toEqual([0, 2]);
    expect(Object.keys(layer().stateDict())).toEqual(["weight", "bias"]);
    expect(new Maxout(3, 2, 4).weight.shape).toEqual([8, 3]);
  });

  it("of one piece is linear, and of ±x the absolute value", () => {
    const options = { bias: false, weightInit: tensor([[1], [-1]]) };
    expectClose(new Maxout(1, 1, 2, options).forward(tensor([[-3], [0.5]])), [[3], [0.5]]);
    expectClose(
      new Maxout(1, 1, 1, { bias: false, weightInit: tensor([[-2]]) }).forward(tensor([4])),
      [-8],
    );
  });
});

describe("refusals", () => {
  it.each([
    ["Hardtanh without an interval", () => new Hardtanh({ minVal: 1 })],
    ["Hardtanh of NaN", () => new Hardtanh({ maxVal: Number.NaN })],
    ["LeakyReLU of NaN", () => new LeakyReLU(Number.NaN)],
    ["LeakyReLU of text", () => new LeakyReLU("0.1" as never)],
    ["ELU of infinity", () => new ELU(Number.POSITIVE_INFINITY)],
    ["Softplus of 0", () => new Softplus(0)],
    ["PReLU without parameters", () => new PReLU(0)],
    ["PReLU of half a parameter", () => new PReLU(1.5)],
    ["PReLU that starts with NaN", () => new PReLU(1, { init: Number.NaN })],
    ["Maxout without pieces", () => new Maxout(2, 2, 0)],
    ["Maxout of NaN outputs", () => new Maxout(2, Number.NaN, 2)],
  ])("%s", (_, make) => {
    expect(make).toThrow(ValueError);
  });

  it("of what is no tensor", () => {
    for (const [title, make] of elementwise.slice(1)) {
      expect(() => make().forward([1, 2] as never), title).toThrow(ValueError);
    }
  });

  it("Maxout of another number of inputs, by name", () => {
    expect(() => new Maxout(3, 2, 2).forward(zeros([4, 5]))).toThrow("[Maxout] the last axis must");
  });
});
