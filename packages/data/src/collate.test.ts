import { DataError, setBackend, tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, it } from "vitest";
import { collate } from "./collate.js";

setBackend(interpreter());

describe("collate", () => {
  it("stacks numbers, booleans, typed arrays and tensors", () => {
    expect(collate([1, 2]).arraySync()).toEqual([1, 2]);
    expect(collate([true, false]).dtype).toBe("bool");
    expect(collate([Int32Array.of(1, 2), Int32Array.of(3, 4)]).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(collate([tensor([1, 2]), tensor([3, 4])]).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("takes an array as a tuple of fields", () => {
    const pairs: [Float32Array, number][] = [
      [Float32Array.of(1, 2), 0],
      [Float32Array.of(3, 4), 1],
    ];
    const [x, y] = collate(pairs);
    expect(x.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(y.arraySync()).toEqual([0, 1]);
    expect(y.dtype).toBe("float32");
  });

  it("keeps the names of an object's fields", () => {
    const batch = collate([
      { x: 1, ok: true },
      { ok: false, x: 2 },
    ]);
    expect(batch.x.arraySync()).toEqual([1, 2]);
    expect(batch.ok.arraySync()).toEqual([true, false]);
  });

  it("refuses examples that differ, naming the difference", () => {
    expect(() => collate<unknown>([1, "two"])).toThrowErrorMatchingInlineSnapshot(
      `[DataError: [collate] a field must be of the same kind in every example: expected a number, got "two".]`,
    );
    expect(() => collate([Float32Array.of(1), Float32Array.of(1, 2)])).toThrow(/Float32Array of 1/);
    expect(() => collate<unknown>([[1, 2], [1]])).toThrow(/same fields/);
    expect(() => collate<unknown>([tensor(1), 1])).toThrow(DataError);
  });

  it("refuses what cannot be stacked", () => {
    expect(() => collate(["a", "b"])).toThrow(/collate/);
    expect(() => collate([[[1, 2]]])).toThrow(DataError);
    expect(() => collate([{}])).toThrow(DataError);
    expect(() => collate([])).toThrow(DataError);
  });
});
