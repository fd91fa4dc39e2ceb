import { Generator, ShapeError, setBackend, tensor, ValueError, zeros } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { constant, kaimingUniform, uniform } from "@chainrule/init";
import { beforeAll, describe, expect, it } from "vitest";
import { Linear } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** A layer with the weights of the examples below. */
function example(): Linear {
  return new Linear(3, 2, {
    weightInit: tensor([
      [1, 2, 3],
      [-1, 0, 0.5],
    ]),
    biasInit: tensor([0.25, -1]),
  });
}

describe("Linear", () => {
  // torch.nn.functional.linear(x, [[1, 2, 3], [-1, 0, 0.5]], [0.25, -1])
  it("maps a vector", () => {
    expectClose(example().forward(tensor([1, -1, 2])), [5.25, -1]);
  });

  it("maps every row", () => {
    expectClose(
      example().forward(
        tensor([
          [1, -1, 2],
          [0, 0, 0],
        ]),
      ),
      [
        [5.25, -1],
        [0.25, -1],
      ],
    );
  });

  it("maps the last of any number of axes", () => {
    const y = example().forward(tensor([[[1, -1, 2]], [[0, 0, 0]]]));
    expectClose(y, [[[5.25, -1]], [[0.25, -1]]]);
    expect(example().forward(zeros([0, 4, 3])).shape).toEqual([0, 4, 2]);
  });

  it("has the gradients of x Wᵀ + b, leading axes included", () => {
    const layer = example();
    const x = tensor(
      [
        [
          [1, -1, 2],
          [0, 1, 0],
        ],
      ],
      { requiresGrad: true },
    );
    layer
      .forward(x)
      .mul(tensor([1, 2]))
      .sum()
      .backward();
    expectClose(layer.weight.grad, [
      [1, 0, 2],
      [2, 0, 4],
    ]);
    expectClose(layer.bias?.grad ?? null, [2, 4]);
    expectClose(x.grad, [
      [
        [-1, 2, 4],
        [-1, 2, 4],
      ],
    ]);
  });

  it("has no bias when told so", () => {
    const layer = new Linear(3, 2, { bias: false });
    expect(layer.bias).toBeNull();
    expect(Object.keys(layer.stateDict())).toEqual(["weight"]);
  });

  it("starts as PyTorch's: both uniform in ±1/√inFeatures, weight drawn first", () => {
    const layer = new Linear(16, 8, { generator: new Generator(5) });
    const generator = new Generator(5);
    const weight = kaimingUniform([8, 16], { a: Math.sqrt(5), generator });
    const bias = uniform([8], { low: -0.25, high: 0.25, generator });
    expect(layer.weight.arraySync()).toEqual(weight.arraySync());
    expect(layer.bias?.arraySync()).toEqual(bias.arraySync());
    expect(layer.weight.abs().max().itemSync()).toBeLessThanOrEqual(0.25);
  });

  it("passes dtype and backend to the initializers", () => {
    const backend = interpreter();
    const layer = new Linear(2, 2, { dtype: "float64", backend });
    expect(layer.weight.dtype).toBe("float64");
    expect(layer.bias?.backend).toBe(backend);
  });

  it("copies the tensors it starts with, given or made", () => {
    const shared = tensor([[1, 2]], { requiresGrad: true });
    const layer = new Linear(2, 1, { weightInit: shared, biasInit: tensor([3]) });
    const made = new Linear(2, 1, { weightInit: () => shared });
    const transposed = new Linear(1, 2, { weightInit: () => shared.mul(2).T });
    expectClose(layer.forward(tensor([10, 100])), [213]);
    for (const { weight } of [layer, made]) {
      expect(weight).not.toBe(shared);
      expectClose(weight, [[1, 2]]);
    }
    layer.loadStateDict({ weight: zeros([1, 2]), bias: zeros([1]) });
    made.loadStateDict({ weight: zeros([1, 2]), bias: zeros([1]) });
    transposed.loadStateDict({ weight: zeros([2, 1]), bias: zeros([2]) });
    expectClose(shared, [[1, 2]]);
  });

  it("converts them to its dtype when it is given one, else keeps theirs", () => {
    const wide = tensor([[1, 2]], { dtype: "float64" });
    const weightInit = tensor([[1, 2]], { dtype: "int32" });
    const layer = new Linear(2, 1, { dtype: "float64", weightInit });
    expect([layer.weight.dtype, layer.bias?.dtype]).toEqual(["float64", "float64"]);
    expect(new Linear(2, 1, { weightInit: wide }).weight.dtype).toBe("float64");
  });

  it("works without inputs or outputs", () => {
    expect(
      new Linear(0, 2, { biasInit: (s, o) => constant(s, 1, o) }).forward(zeros([1, 0])).shape,
    ).toEqual([1, 2]);
    expect(new Linear(2, 0).forward(zeros([1, 2])).shape).toEqual([1, 0]);
  });

  it("says what to do about a wrong last axis", () => {
    const layer = new Linear(4, 2);
    expect(() => layer.forward(zeros([3, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [Linear] the last axis must hold the input features: expected [..., 4], got [3, 5]. Make the layer with inFeatures 5, or reshape the input.]`,
    );
    expect(() => layer.forward(zeros([3, 2, 2]))).toThrow("Put a Flatten() before this layer.");
    expect(() => layer.forward(zeros([]))).toThrow(ShapeError);
  });

  it("refuses sizes that are no counts and starts that do not fit", () => {
    expect(() => new Linear(2.5, 1)).toThrow(ValueError);
    expect(() => new Linear(2, -1)).toThrow(ValueError);
    expect(() => new Linear(2, 1, { weightInit: () => zeros([2, 1]) })).toThrow(ShapeError);
    expect(() => new Linear(2, 1, { biasInit: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [Linear] biasInit must give a tensor of the shape of the bias: expected [1], got [2]. An initializer is called with (shape, options).]`,
    );
    expect(() => new Linear(2, 1, { weightInit: [[20, 20]] as never })).toThrow(
      "[Linear] weightInit says what the weight starts with: expected a tensor, or an initializer",
    );
  });
});
