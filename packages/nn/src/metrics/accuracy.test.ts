import { DTypeError, ShapeError, setBackend, tensor, zeros } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { accuracy } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const logits = [
  [0.1, 2, -1],
  [3, 1, 0],
  [0, 0, -5],
  [-3, -2, -1],
];

describe("accuracy", () => {
  it.each(["int32", "uint8"] as const)("is the share of largest logits, classes %s", (dtype) => {
    expectClose(accuracy(tensor(logits), tensor([1, 0, 0, 2], { dtype })), 1); // equal: the first
    expectClose(accuracy(tensor(logits), tensor([1, 2, 1, 2], { dtype })), 0.5);
  });

  it("is the share of right signs for one logit per example", () => {
    const x = tensor([[2], [-1], [0], [1e-3]]);
    expectClose(accuracy(x, tensor([[1], [0], [0], [1]])), 1); // 0 is no
    expectClose(accuracy(x, tensor([[1], [1], [1], [1]], { dtype: "int32" })), 0.5);
    expectClose(accuracy(x, tensor([[true], [true], [false], [false]])), 0.5);
  });

  it("takes further axes, each position an example", () => {
    const target = tensor([[0, 1]], { dtype: "int32" });
    expectClose(
      accuracy(
        tensor([
          [
            [1, 2],
            [0, 3],
          ],
        ]),
        target,
      ),
      1,
    );
    expectClose(accuracy(tensor([[[1, 2]]]), target), 0.5); // one class
  });

  it("is a float32 without a gradient, NaN of no examples", () => {
    const x = tensor(logits, { dtype: "float64", requiresGrad: true });
    const result = accuracy(x, tensor([1, 0, 0, 2], { dtype: "int32" }));
    expect([result.dtype, result.requiresGrad]).toEqual(["float32", false]);
    expectClose(accuracy(zeros([0, 3]), zeros([0], { dtype: "int32" })), Number.NaN);
  });

  it("refuses targets and logits of other shapes and dtypes", () => {
    expect(() => accuracy(zeros([3, 2]), zeros([3]))).toThrow(DTypeError);
    expect(() => accuracy(zeros([3, 2]), zeros([3, 1], { dtype: "int32" }))).toThrow(ShapeError);
    expect(() => accuracy(zeros([3, 1]), zeros([3], { dtype: "int32" }))).toThrow(
      "[accuracy] input and target must have the same shape",
    );
    expect(() => accuracy(zeros([3]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [accuracy] logits have axes of examples and classes: expected [N, C], or [N, 1] for yes or no, got [3]. Use expandDims(1) on one logit per example, expandDims(0) on the logits of one example.]`,
    );
  });
});
