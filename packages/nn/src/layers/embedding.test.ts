// What PyTorch's numbers (the conformance suite) do not say about embeddings: starts, indices, refusals.

import {
  DTypeError,
  Generator,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { normal } from "@chainrule/init";
import { beforeAll, describe, expect, it } from "vitest";
import { Embedding, Flatten, Linear, Sequential, summary } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const int = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

describe("Embedding", () => {
  it("starts as N(0, 1), with zeros for the padding", () => {
    const options = (): { generator: Generator } => ({ generator: new Generator(4) });
    const drawn = normal([3, 2], options()).arraySync() as number[][];
    expectClose(new Embedding(3, 2, options()).weight, drawn);
    const padded = new Embedding(3, 2, { ...options(), paddingIdx: 1 });
    expectClose(padded.weight, [drawn[0] ?? [], [0, 0], drawn[2] ?? []]);
    expect(padded.weight.isLeaf && padded.weight.requiresGrad).toBe(true);
  });

  it("counts a negative paddingIdx from the end", () => {
    expect(new Embedding(3, 2, { paddingIdx: -1 }).paddingIdx).toBe(2);
    expect(new Embedding(3, 2).paddingIdx).toBeNull();
    expect(new Embedding(3, 2, { paddingIdx: null }).paddingIdx).toBeNull();
  });

  it("takes the weight it is given as it is", () => {
    const weight = tensor([[1], [2]]);
    for (const weightInit of [weight, () => weight]) {
      const table = new Embedding(2, 1, { weightInit, paddingIdx: 0 });
      expectClose(table.forward(int([0, 1])), [[1], [2]]);
    }
  });

  it("takes indices of any shape, and bytes", () => {
    const table = new Embedding(3, 2);
    expect(table.forward(int(1)).shape).toEqual([2]);
    expect(table.forward(int([[0, 1, 2]])).shape).toEqual([1, 3, 2]);
    expect(table.forward(zeros([0, 4], { dtype: "int32" })).shape).toEqual([0, 4, 2]);
    const bytes = tensor([2], { dtype: "uint8" });
    expect(table.forward(bytes).arraySync()).toEqual(table.forward(int([2])).arraySync());
  });

  it("is NaN outside the table, padded or not", () => {
    for (const paddingIdx of [null, 0]) {
      const table = new Embedding(2, 1, { paddingIdx });
      expectClose(table.forward(int([2, -1])), [[Number.NaN], [Number.NaN]]);
    }
  });

  it("makes a fixed-window language model with Flatten and Linear", () => {
    const model = new Sequential(new Embedding(100, 4), new Flatten(), new Linear(3 * 4, 100));
    model
      .forward(
        int([
          [5, 6, 7],
          [7, 7, 0],
        ]),
      )
      .sum()
      .backward();
    expect(model.at(0).weight.grad?.shape).toEqual([100, 4]);
    expect(String(summary(model, [1, 3], { dtype: "int32" }))).toMatchInlineSnapshot(`
      "name  type       output shape  parameters
      0     Embedding  [1, 3, 4]            400
      1     Flatten    [1, 12]                0
      2     Linear     [1, 100]           1,300
      total 1,700 parameters"
    `);
  });

  it("refuses indices that are none, and tables that are none", () => {
    const table = new Embedding(2, 1);
    expect(() => table.forward(zeros([2]))).toThrow(DTypeError);
    expect(() => table.forward(tensor([0, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: [Embedding] indices must be whole numbers: expected an int32 or uint8 tensor, got float32. Make it with { dtype: "int32" }, or convert with astype("int32").]`,
    );
    expect(() => table.forward([1] as never)).toThrow(ValueError);
    expect(() => new Embedding(0, 1)).toThrow(ValueError);
    expect(() => new Embedding(2, -1)).toThrow(ValueError);
    expect(() => new Embedding(2.5, 1)).toThrow(ValueError);
    expect(() => new Embedding(2, 1, { paddingIdx: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [Embedding] paddingIdx must be an index of the table: expected a whole number from -2 to 1, or null, got 2.]`,
    );
    expect(() => new Embedding(2, 1, { paddingIdx: -3 })).toThrow(ValueError);
    expect(() => new Embedding(2, 1, { paddingIdx: 0.5 })).toThrow(ValueError);
    expect(() => new Embedding(2, 1, { paddingIdx: Number.NaN })).toThrow(ValueError);
  });
});
