// What PyTorch's numbers (the conformance suite) do not say about convolutions: starts, names, refusals.

import {
  Generator,
  ones,
  ShapeError,
  setBackend,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { constant, kaimingUniform, uniform } from "@chainrule/init";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Conv1d,
  Conv2d,
  Conv3d,
  Flatten,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
  summary,
} from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("a convolution", () => {
  it("finds edges: weight [-1, 1] is the difference of neighbours", () => {
    const edges = new Conv1d(1, 1, 2, { bias: false, weightInit: tensor([[[-1, 1]]]) });
    expectClose(edges.forward(tensor([[[0, 0, 3, 3, 1]]])), [[[0, 3, 0, -2]]]);
  });

  it("has the shapes of PyTorch", () => {
    const shape = (layer: Conv2d, h: number, w: number): readonly number[] =>
      layer.forward(zeros([2, 3, h, w])).shape;
    expect(shape(new Conv2d(3, 4, 5), 9, 7)).toEqual([2, 4, 5, 3]);
    expect(shape(new Conv2d(3, 4, [3, 1], { stride: [2, 3] }), 9, 7)).toEqual([2, 4, 4, 3]);
    expect(shape(new Conv2d(3, 4, 3, { padding: "same", dilation: 2 }), 9, 7)).toEqual([
      2, 4, 9, 7,
    ]);
    expect(new Conv3d(3, 6, 2, { groups: 3 }).weight.shape).toEqual([6, 1, 2, 2, 2]);
    expect(new Conv2d(3, 4, 3).forward(zeros([0, 3, 5, 5])).shape).toEqual([0, 4, 3, 3]);
  });

  it("starts as PyTorch's: both uniform in ±1/√fanIn, weight drawn first", () => {
    const layer = new Conv2d(8, 4, [1, 2], { groups: 2, generator: new Generator(5) });
    const generator = new Generator(5);
    const weight = kaimingUniform([4, 4, 1, 2], { a: Math.sqrt(5), generator });
    const bound = 1 / Math.sqrt(4 * 1 * 2);
    const bias = uniform([4], { low: -bound, high: bound, generator });
    expect(layer.weight.arraySync()).toEqual(weight.arraySync());
    expect(layer.bias?.arraySync()).toEqual(bias.arraySync());
    expect(Number(layer.weight.abs().max().itemSync())).toBeLessThanOrEqual(Math.fround(bound));
  });

  it("takes initializers, dtype and backend", () => {
    const backend = interpreter();
    const layer = new Conv1d(2, 3, 2, {
      dtype: "float64",
      backend,
      weightInit: (shape, options) => constant(shape, 1, options),
      biasInit: (shape, options) => constant(shape, 5, options),
    });
    expect([layer.weight.dtype, layer.bias?.dtype]).toEqual(["float64", "float64"]);
    expect(layer.weight.backend).toBe(backend);
    expectClose(layer.forward(ones([1, 2, 2], { backend })), [[[9], [9], [9]]]);
    expect(() => new Conv1d(2, 3, 2, { weightInit: zeros([3, 2]) })).toThrow(ShapeError);
  });

  it("has a state dict of weight and bias", () => {
    expect(Object.keys(new Conv2d(1, 1, 1).stateDict())).toEqual(["weight", "bias"]);
    expect(Object.keys(new Conv2d(1, 1, 1, { bias: false }).stateDict())).toEqual(["weight"]);
  });

  it("trains in a network, and its summary has shapes and counts", () => {
    const model = new Sequential(
      new Conv2d(1, 8, 3, { padding: 1 }),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new Linear(8 * 4 * 4, 10),
    );
    model
      .forward(ones([2, 1, 8, 8]))
      .sum()
      .backward();
    expect(model.at(0).weight.grad?.shape).toEqual([8, 1, 3, 3]);
    expect(String(summary(model, [1, 1, 8, 8]))).toMatchInlineSnapshot(`
      "name  type       output shape  parameters
      0     Conv2d     [1, 8, 8, 8]          80
      1     ReLU       [1, 8, 8, 8]           0
      2     MaxPool2d  [1, 8, 4, 4]           0
      3     Flatten    [1, 128]               0
      4     Linear     [1, 10]            1,290
      total 1,370 parameters"
    `);
  });
});

describe("an input of another shape is refused with the remedy", () => {
  const layer = (): Conv2d => new Conv2d(3, 4, 3);
  const gray = (): Conv2d => new Conv2d(1, 4, 3);

  it.each([
    ["without examples", () => layer().forward(zeros([3, 8, 8])), "x.expandDims(0)"],
    ["without channels", () => gray().forward(zeros([5, 8, 8])), "x.expandDims(1)"],
    ["with channels last", () => layer().forward(zeros([5, 8, 8, 3])), "x.moveaxis(-1, 1)"],
    [
      "with other channels",
      () => layer().forward(zeros([5, 2, 8, 8])),
      "Make the layer for 2 channels.",
    ],
    ["flattened", () => layer().forward(zeros([5, 192])), "Reshape the input."],
  ])("%s", (_, run, remedy) => {
    expect(run).toThrow(ShapeError);
    expect(run).toThrow("[Conv2d] ");
    expect(run).toThrow("expected [N, ");
    expect(run).toThrow(remedy);
  });

  it("in one form for all", () => {
    expect(() => new Conv1d(2, 1, 1).forward(zeros([5, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [Conv1d] the input has examples, channels and spatial axes, in this order: expected [N, 2, L], got [5, 2]. Reshape the input.]`,
    );
    expect(() =>
      new Conv3d(2, 1, 1).forward(zeros([2, 4, 4, 4])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [Conv3d] the input has examples, channels and spatial axes, in this order: expected [N, 2, D, H, W], got [2, 4, 4, 4]. Add the axis of examples: x.expandDims(0).]`,
    );
    expect(() => layer().forward(zeros([1, 3, 2, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [conv] a window must fit in its padded axis: expected spatial extents of at least [3, 3], got [2, 8], padding included. Use a smaller window or dilation, or more padding.]`,
    );
    expect(() => layer().forward([[1]] as never)).toThrow(ValueError);
  });
});

describe("options that make no layer are refused", () => {
  it.each([
    ["no channels", () => new Conv2d(0, 1, 1)],
    ["negative channels", () => new Conv2d(1, -4, 1)],
    ["half a channel", () => new Conv2d(1.5, 1, 1)],
    ["channels of NaN", () => new Conv2d(Number.NaN, 1, 1)],
    ["channels as text", () => new Conv2d("3" as never, 1, 1)],
    ["a window of nothing", () => new Conv2d(1, 1, 0)],
    ["a window of other axes", () => new Conv2d(1, 1, [3, 3, 3])],
    ["no window", () => new Conv2d(1, 1, undefined as never)],
    ["a fraction of a stride", () => new Conv2d(1, 1, 1, { stride: 0.5 })],
    ["a stride of 0", () => new Conv2d(1, 1, 1, { stride: [1, 0] })],
    ["a negative padding", () => new Conv2d(1, 1, 1, { padding: -1 })],
    ["a padding of another name", () => new Conv2d(1, 1, 1, { padding: "full" as never })],
    ["a dilation of 0", () => new Conv2d(1, 1, 1, { dilation: 0 })],
    ["groups that do not divide inChannels", () => new Conv2d(3, 4, 1, { groups: 2 })],
    ["groups that do not divide outChannels", () => new Conv2d(4, 3, 1, { groups: 2 })],
    ["no groups", () => new Conv2d(4, 4, 1, { groups: 0 })],
    ["negative groups", () => new Conv2d(4, 4, 1, { groups: -2 })],
    ["groups of NaN", () => new Conv2d(4, 4, 1, { groups: Number.NaN })],
    ["padding same with a stride", () => new Conv2d(1, 1, 3, { padding: "same", stride: 2 })],
  ])("%s", (_, make) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow("[Conv2d] ");
  });

  it("with what would do", () => {
    expect(() => new Conv2d(4, -1, 3)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [Conv2d] outChannels must be a count: expected a whole number ≥ 1, got -1. Call new Conv2d(inChannels, outChannels, …).]`,
    );
    expect(() => new Conv2d(4, 6, 3, { groups: 4 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [Conv2d] groups must divide the channels: expected a divisor of 4 (inChannels) and of 6 (outChannels), got 4.]`,
    );
    expect(() => new Conv2d(4, 6, [3])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [Conv2d] kernelSize is given for all spatial axes or for each: expected a whole number ≥ 1, or an array of 2, got [3].]`,
    );
  });
});
