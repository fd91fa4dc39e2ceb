import { ShapeError, ValueError } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { calculateFanInFanOut, gain } from "./index.js";

describe("calculateFanInFanOut", () => {
  it("reads a linear weight as [out, in]", () => {
    expect(calculateFanInFanOut([3, 5])).toEqual({ fanIn: 5, fanOut: 3 });
  });

  it("multiplies by the kernel of a convolution", () => {
    // torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(8, 3, 5, 4)) == (60, 160)
    expect(calculateFanInFanOut([8, 3, 5, 4])).toEqual({ fanIn: 60, fanOut: 160 });
  });

  it("refuses vectors and scalars", () => {
    expect(() => calculateFanInFanOut([3])).toThrow(ShapeError);
    expect(() => calculateFanInFanOut([])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [calculateFanInFanOut] fan in and fan out need a weight of at least two axes: expected [out, in] or [out, in, ...kernel], got []. Use uniform, normal or constant for biases and other vectors.]`,
    );
  });
});

describe("gain", () => {
  it("has PyTorch's values", () => {
    // torch.nn.init.calculate_gain(name, param)
    expect(gain("linear")).toBe(1);
    expect(gain("identity")).toBe(1);
    expect(gain("sigmoid")).toBe(1);
    expect(gain("tanh")).toBe(1.6666666666666667);
    expect(gain("relu")).toBe(Math.SQRT2);
    expect(gain("leakyRelu")).toBe(1.4141428569978354);
    expect(gain("leakyRelu", 0.2)).toBe(1.3867504905630728);
    expect(gain("selu")).toBe(0.75);
  });

  it("refuses other nonlinearities", () => {
    expect(() => gain("leaky_relu" as "relu")).toThrow(ValueError);
  });
});
