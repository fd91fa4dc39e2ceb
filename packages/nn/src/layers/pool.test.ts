// What PyTorch's numbers (the conformance suite) do not say about pooling: shapes and refusals.

import { ShapeError, setBackend, tensor, ValueError, zeros } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("pooling", () => {
  it("takes the largest, or the mean, of windows side by side", () => {
    const x = tensor([
      [
        [
          [1, 5, 2, 0],
          [3, 3, 2, 4],
        ],
      ],
    ]);
    expectClose(new MaxPool2d(2).forward(x), [[[[5, 4]]]]);
    expectClose(new AvgPool2d(2).forward(x), [[[[3, 2]]]]);
    expectClose(new MaxPool2d([1, 2], { stride: 1 }).forward(x), [
      [
        [
          [5, 5, 2],
          [3, 3, 4],
        ],
      ],
    ]);
  });

  it("rounds up the number of windows with ceilMode", () => {
    const shape = (layer: MaxPool1d | AvgPool1d): unknown =>
      layer.forward(zeros([1, 2, 5])).shape[2];
    expect([new MaxPool1d(2), new MaxPool1d(2, { ceilMode: true })].map(shape)).toEqual([2, 3]);
    expect([new AvgPool1d(2), new AvgPool1d(2, { ceilMode: true })].map(shape)).toEqual([2, 3]);
  });

  it("has no state", () => {
    expect(new AvgPool2d([1, 2]).stateDict()).toEqual({});
    expect(new AvgPool2d([1, 2]).stride).toEqual([1, 2]);
  });
});

describe("refusals", () => {
  it("of inputs name the axes and the remedy", () => {
    expect(() => new MaxPool2d(2).forward(zeros([3, 8, 8]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [MaxPool2d] the input has examples, channels and spatial axes, in this order: expected [N, C, H, W], got [3, 8, 8]. Add the axis of examples: x.expandDims(0).]`,
    );
    expect(() => new AvgPool1d(2).forward(zeros([1, 3, 8, 8]))).toThrow(ShapeError);
    expect(() => new MaxPool2d(9).forward(zeros([1, 1, 8, 8]))).toThrow(ShapeError);
    expect(() => new MaxPool2d(2).forward(5 as never)).toThrow(ValueError);
  });

  it.each([
    ["a window of nothing", () => new MaxPool2d(0)],
    ["a fraction", () => new AvgPool2d(1.5)],
    ["a window of other axes", () => new AvgPool1d([2, 2])],
    ["a stride of 0", () => new MaxPool1d(2, { stride: 0 })],
    ["a stride of NaN", () => new AvgPool1d(2, { stride: Number.NaN })],
    ["more padding than half the window", () => new MaxPool2d([4, 2], { padding: 2 })],
    ["negative padding", () => new AvgPool2d(2, { padding: -1 })],
    ["a dilation of 0", () => new MaxPool2d(2, { dilation: 0 })],
  ])("of %s", (_, make) => {
    expect(make).toThrow(ValueError);
  });
});
