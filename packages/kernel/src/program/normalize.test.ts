import { describe, expect, it } from "vitest";
import { call, constant, coord, load, stageValue } from "../expr.js";
import { type Kernel, operandSpec, type Stage } from "../kernel.js";
import { layout } from "../layout.js";
import { checkKernel } from "../spec.js";
import { makeKernel, spec } from "../test-kernels.js";
import { normalizeCall } from "./normalize.js";
import type { KernelCall, View } from "./program.js";

function callOf(kernel: Kernel, inputs: readonly View[], output: View): KernelCall {
  return { kind: "kernel", kernel, inputs, outputs: [output], origins: [] };
}

function whole(buffer: number, shape: readonly number[]): View {
  return { buffer, layout: layout(shape), offset: 0 };
}

describe("normalizeCall", () => {
  it("turns a slice by index arithmetic into a view, and extents into numbers", () => {
    const index = [call("add", call("mul", coord(0), 2), 1), constant(3, "int32")];
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(2)],
      outputs: [load(0, "float32", index)],
    });
    const plain = normalizeCall(callOf(kernel, [whole(0, [9, 5])], whole(1, [4])));
    expect(plain.inputs).toEqual([{ buffer: 0, layout: layout([4], [10]), offset: 8 }]);
    expect(plain.kernel).toMatchObject({ axes: [4], inputs: [{ strides: ["n"] }] });
    expect(plain.kernel.outputs[0]?.value).toEqual(load(0, "float32", [coord(0)]));
  });

  it("drops axes of one element and stages over nothing else", () => {
    const stage: Stage = {
      axes: [2],
      reduce: "max",
      value: load(0, "float32", [coord(0), coord(2)]),
      dtype: "float32",
    };
    const kernel = makeKernel({
      outer: 2,
      inputs: [spec(2)],
      inner: [{ operand: 0, dim: 1 }],
      stages: [stage],
      outputs: [stageValue(0, "float32")],
    });
    const plain = normalizeCall(callOf(kernel, [whole(0, [4, 1])], whole(1, [4, 1])));
    expect(plain.kernel).toMatchObject({ outer: 1, axes: [4], stages: [] });
    expect(plain.outputs).toEqual([whole(1, [4])]);
    checkKernel(plain.kernel);
  });

  it("makes one input of equal views, and one stage of equal reductions", () => {
    const sum = (axis: number, input: number): Stage => ({
      axes: [axis],
      reduce: "sum",
      value: load(input, "float32", [coord(0), coord(axis)]),
      dtype: "float32",
    });
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(2), spec(2)],
      inner: [5, 5],
      stages: [sum(1, 0), sum(2, 1)],
      outputs: [call("div", stageValue(0, "float32"), stageValue(1, "float32"))],
    });
    const plain = normalizeCall(
      callOf(kernel, [whole(0, [4, 5]), whole(0, [4, 5])], whole(1, [4])),
    );
    expect(plain.inputs).toHaveLength(1);
    expect(plain.kernel.stages).toHaveLength(1);
    checkKernel(plain.kernel);
  });

  it("keeps the indices of a convolution, whose positions overlap", () => {
    const stage: Stage = {
      axes: [1],
      reduce: "sum",
      value: call(
        "mul",
        load(0, "float32", [call("add", coord(0), coord(1))]),
        load(1, "float32", [coord(1)]),
      ),
      dtype: "float32",
    };
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(1), spec(1)],
      inner: [{ operand: 1, dim: 0 }],
      stages: [stage],
      outputs: [stageValue(0, "float32")],
    });
    const plain = normalizeCall(callOf(kernel, [whole(0, [9]), whole(1, [3])], whole(2, [7])));
    expect(plain.inputs).toEqual([whole(0, [9]), whole(1, [3])]);
    expect(plain.kernel.contraction).toBeUndefined();
  });

  it("keeps a repeated factor of a product a factor", () => {
    const product = call(
      "mul",
      load(0, "float32", [coord(0), coord(2)]),
      load(1, "float32", [coord(2), coord(1)]),
    );
    const repeated = { buffer: 0, layout: layout([4, 5], [0, 0]), offset: 0 };
    const views = [repeated, whole(1, [5, 6])];
    const kernel: Kernel = {
      ...makeKernel({
        outer: 2,
        inner: [5],
        stages: [{ axes: [2], reduce: "sum", value: product, dtype: "float32" }],
        outputs: [stageValue(0, "float32")],
      }),
      axes: [4, 6, 5],
      inputs: views.map((view) => operandSpec("float32", view.layout)),
    };
    const plain = normalizeCall(callOf(kernel, views, whole(2, [4, 6])));
    expect(plain.kernel.contraction).toMatchObject({ m: [0], n: [1], k: [2] });
  });
});
