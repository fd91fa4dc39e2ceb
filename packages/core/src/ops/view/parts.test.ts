import { beforeAll, describe, expect, it } from "vitest";
import { arange, broadcastArrays, meshgrid, setBackend, type Tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("views of parts", () => {
  it("share the storage of their tensor", () => {
    const x = arange(6).reshape([2, 3]);
    const parts: Tensor[] = [
      ...x.split([1, 2], 1),
      ...x.unstack(),
      ...broadcastArrays(x, zeros([3])).slice(0, 1),
      ...meshgrid([x.at(0), x.at(1)]),
      x.diagonal(1),
      x.moveaxis(0, 1),
    ];
    for (const part of parts) expect(part.storage).toBe(x.storage);
    expect(x.mT.diagonal(-1).arraySync()).toEqual([1, 5]);
  });

  it("say what they take", () => {
    const x = zeros([5, 2]);
    expect(messageOf(() => x.split(2))).toBe(
      "[split] the parts must be equal: expected a divisor of 5, got 2 parts, for shape [5, 2]. List the sizes of the parts to cut unequal ones.",
    );
    expect(messageOf(() => x.split([2, 2]))).toBe(
      "[split] the parts must make up the axis: expected whole sizes from 0 on whose sum is 5, got [2,2], for shape [5, 2].",
    );
    expect(messageOf(() => x.split("5" as never))).toContain('got "5"');
    expect(messageOf(() => x.moveaxis([0, 1], [1]))).toBe(
      "[moveaxis] each moved axis needs a place of its own: expected as many distinct destinations as distinct sources, got source [0,1] and destination [1].",
    );
    expect(messageOf(() => meshgrid(x.at(0) as never))).toBe(
      "[meshgrid] lines come in one list: expected an array of tensors, got a Tensor. Call meshgrid([x, y]).",
    );
    expect(messageOf(() => x.tril(0.5))).toBe(
      "[tril] diagonals are counted in whole numbers: expected 0 for the main one, 1 for the next above, -1 for the next below, got 0.5.",
    );
  });
});
