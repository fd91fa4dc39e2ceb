// What PyTorch's numbers (the conformance suite) do not say about normalisation: statistics and their
// updates, precision, second order, refusals.

import {
  DTypeError,
  Generator,
  gradCheck,
  noGrad,
  ones,
  randn,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BatchNorm1d,
  BatchNorm2d,
  batchNorm,
  LayerNorm,
  Linear,
  layerNorm,
  Sequential,
  summary,
} from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const random = (...shape: number[]): Tensor =>
  randn(shape, { dtype: "float64", generator: new Generator(3) });

describe("running statistics", () => {
  it("move by momentum, with the variance divided by n - 1", () => {
    const norm = new BatchNorm1d(1);
    norm.forward(tensor([[1], [2], [6]])); // mean 3, variance 14/2
    expectClose(norm.runningMean, [0.3]);
    expectClose(norm.runningVar, [0.9 + 0.7]);
    expectClose(norm.numBatchesTracked, 1);
    expect(norm.numBatchesTracked?.dtype).toBe("int32");
  });

  it("are the average of all batches with momentum null", () => {
    const norm = new BatchNorm1d(1, { momentum: null });
    for (const [a, b] of [
      [1, 3],
      [5, 7],
      [0, 2],
    ] as const)
      norm.forward(tensor([[a], [b]]));
    expectClose(norm.runningMean, [3]);
    expectClose(norm.runningVar, [2]);
  });

  it("stay in evaluation mode, are used there, and have no gradient", () => {
    const norm = new BatchNorm1d(1).eval();
    norm.loadStateDict({ ...norm.stateDict(), runningMean: tensor([2]), runningVar: tensor([4]) });
    expectClose(norm.forward(tensor([[4]])), [[1]], 1e-5);
    expectClose(norm.runningMean, [2]);
    expectClose(norm.numBatchesTracked, 0);
    expect(norm.runningMean?.requiresGrad).toBe(false);
  });

  it("move under noGrad too, and without a graph of their own", () => {
    const norm = new BatchNorm1d(1);
    noGrad(() => norm.forward(tensor([[1], [3]])));
    norm.forward(tensor([[1], [3]], { requiresGrad: true }));
    expectClose(norm.numBatchesTracked, 2);
    expect(norm.runningMean?.isLeaf).toBe(true);
    expect(norm.runningVar?.isLeaf).toBe(true);
  });

  it("may move between forward and backward", () => {
    const norm = new BatchNorm1d(1);
    const x = tensor([[1], [3]], { requiresGrad: true });
    const evaluated = norm.eval().forward(x);
    const trained = norm.train().forward(x);
    norm.forward(x);
    evaluated.sum().add(trained.sum()).backward();
    expectClose(x.grad, [[1], [1]], 1e-5);
  });

  it("are not kept when told so: evaluation uses the batch", () => {
    const norm = new BatchNorm1d(1, { trackRunningStats: false, eps: 0 }).eval();
    expectClose(norm.forward(tensor([[1], [3]])), [[-1], [1]]);
    expect(Object.keys(norm.stateDict())).toEqual(["weight", "bias"]);
  });

  it("stand in the state dict after weight and bias, and are not trained", () => {
    const model = new Sequential(new Linear(2, 3), new BatchNorm1d(3));
    expect(Object.keys(model.at(1).stateDict())).toEqual([
      "weight",
      "bias",
      "runningMean",
      "runningVar",
      "numBatchesTracked",
    ]);
    expect(Object.keys(new BatchNorm2d(1, { affine: false }).stateDict())[0]).toBe("runningMean");
    expect(String(summary(model, [1, 2]))).toMatchInlineSnapshot(`
      "name  type         output shape  parameters
      0     Linear       [1, 3]                 9
      1     BatchNorm1d  [1, 3]                 6
      total 15 parameters"
    `);
  });

  it("of nothing stay", () => {
    const norm = new BatchNorm1d(2);
    expect(norm.forward(zeros([0, 2])).shape).toEqual([0, 2]);
    expectClose(norm.runningMean, [0, 0]);
  });
});

describe("precision", () => {
  it("a large mean does not cancel", () => {
    const x = tensor([[10000], [10001], [10002], [10003]]);
    const wanted = [-1.5, -0.5, 0.5, 1.5].map((d) => [d / Math.sqrt(1.25)]);
    expectClose(new BatchNorm1d(1, { eps: 0 }).forward(x), wanted);
    expectClose(layerNorm(x.T, 4, { eps: 0 }).T, wanted);
  });

  it("equal values give 0, with eps in the slope", () => {
    const x = tensor([[2, 2, 2]], { requiresGrad: true });
    const y = new LayerNorm(3).forward(x);
    expectClose(y, [[0, 0, 0]]);
    y.at(0, 0).backward();
    const slope = 1 / Math.sqrt(1e-5);
    expectClose(x.grad, [[(2 / 3) * slope, -slope / 3, -slope / 3]], 1e-5);
  });
});

describe("derivatives of first and second order", () => {
  const secondOrder = { secondOrder: true };

  it("batchNorm in training", async () => {
    const f = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
      batchNorm(x, null, null, { weight, bias, training: true, eps: 0.1 }).pow(3);
    const inputs = [random(3, 2, 2), random(2).add(2), random(2)];
    expect(await gradCheck(f, inputs, secondOrder)).toBe(true);
  });

  it("layerNorm", async () => {
    const f = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
      layerNorm(x, [2, 2], { weight, bias, eps: 0.1 }).pow(3);
    const inputs = [random(2, 2, 2), random(2, 2).add(2), random(2, 2)];
    expect(await gradCheck(f, inputs, secondOrder)).toBe(true);
  });
});

describe("dtypes", () => {
  it("parameters and statistics have the one asked for", () => {
    const norm = new BatchNorm1d(2, { dtype: "float64" });
    norm.forward(random(3, 2));
    expect([...norm.parameters(), norm.runningMean, norm.runningVar].map((t) => t?.dtype)).toEqual(
      new Array(4).fill("float64"),
    );
    expect(new LayerNorm(2, { dtype: "float64" }).forward(random(3, 2)).dtype).toBe("float64");
  });

  it("float32 statistics follow float64 inputs", () => {
    const norm = new BatchNorm1d(2);
    norm.forward(random(3, 2));
    expect(norm.runningVar?.dtype).toBe("float32");
  });
});

describe("refusals", () => {
  it("of a single value per channel in training", () => {
    const norm = new BatchNorm1d(2);
    expect(() => norm.forward(zeros([1, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [batchNorm] one value has no variance: expected more than one value per channel in training, got one, in shape [1, 2]. Use larger batches (leave out a last one of one example), or call model.eval().]`,
    );
    expectClose(norm.numBatchesTracked, 0);
    expect(() => new BatchNorm2d(2).forward(zeros([1, 2, 1, 1]))).toThrow(ValueError);
    expect(norm.eval().forward(zeros([1, 2])).shape).toEqual([1, 2]);
  });

  it("of whole numbers", () => {
    const x = zeros([3, 2], { dtype: "int32" });
    expect(() => new BatchNorm1d(2).forward(x)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: [batchNorm] normalised elements are not whole: expected a float tensor, got int32. Convert with astype("float32").]`,
    );
    expect(() => new BatchNorm1d(2).eval().forward(x)).toThrow(DTypeError);
    expect(() => new LayerNorm(2).forward(x)).toThrow(DTypeError);
  });

  it("of other shapes", () => {
    expect(() => new BatchNorm1d(2).forward(zeros([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [BatchNorm1d] the input has examples, channels and spatial axes, in this order: expected [N, 2] or [N, 2, L], got [3]. Reshape the input.]`,
    );
    expect(() => new BatchNorm2d(2).forward(zeros([3, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [BatchNorm2d] the input has examples, channels and spatial axes, in this order: expected [N, 2, H, W], got [3, 2]. Reshape the input.]`,
    );
    expect(() => new BatchNorm1d(2).forward(zeros([3, 4]))).toThrow(
      "Make the layer for 4 channels.",
    );
    expect(() =>
      new LayerNorm([2, 3]).forward(zeros([5, 3, 2])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [layerNorm] the input must end in the normalised shape: expected [..., 2, 3], got [5, 3, 2]. normalizedShape names the last axes without the batch, e.g. x.shape.slice(1).]`,
    );
    expect(() => layerNorm(zeros([2]), [])).toThrow(ShapeError);
    expect(() => layerNorm(zeros([2]), [1, 2])).toThrow(ShapeError);
    expect(() => layerNorm(zeros([2]), 2, { weight: ones([1]) })).toThrow(ShapeError);
    expect(() => batchNorm(zeros([2]), null, null, { training: true })).toThrow(ShapeError);
    expect(() => batchNorm(zeros([2, 3]), zeros([2]), ones([3]))).toThrow(ShapeError);
    expect(() => batchNorm(zeros([2, 3]), null, ones([3]))).toThrow("Pass { training: true }");
    expect(() => new BatchNorm1d(1).forward([[1], [2]] as never)).toThrow(ValueError);
    expect(() => new LayerNorm(1).forward([[1], [2]] as never)).toThrow(ValueError);
  });

  it.each([
    ["no features", () => new BatchNorm1d(0)],
    ["half a feature", () => new BatchNorm2d(0.5)],
    ["a momentum of NaN", () => new BatchNorm1d(1, { momentum: Number.NaN })],
    ["a momentum above 1", () => new BatchNorm1d(1, { momentum: 1.5 })],
    ["a negative eps", () => new BatchNorm1d(1, { eps: -1 })],
    ["an eps of NaN", () => new LayerNorm(1, { eps: Number.NaN })],
    ["an empty shape", () => new LayerNorm([])],
    ["a shape with a fraction", () => new LayerNorm([2, 0.5])],
    ["a negative extent", () => new LayerNorm(-3)],
    [
      "a momentum of NaN in the function",
      () => batchNorm(zeros([2, 1]), null, null, { training: true, momentum: Number.NaN }),
    ],
  ])("of %s", (_, make) => {
    expect(make).toThrow(ValueError);
  });
});
