import { IndexError, ShapeError, setBackend, tensor, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, it } from "vitest";
import { type Dataset, randomSplit, subset, TensorDataset } from "./dataset.js";

setBackend(interpreter());

const images = { data: Uint8Array.from({ length: 5 * 40 }, (_, i) => i), shape: [5, 4, 10] };
const labels = Int32Array.of(4, 3, 2, 1, 0);

/** A dataset of the numbers 0 … length - 1. */
function numbers(length: number): Dataset<number> {
  return { length, get: (index) => index };
}

describe("TensorDataset", () => {
  it("gives row i of every column", () => {
    const data = new TensorDataset(images, labels);
    expect(data.length).toBe(5);
    const [image, label] = data.get(2);
    expect(image.shape).toEqual([4, 10]);
    expect(image.dtype).toBe("uint8");
    expect(image.dataSync()).toEqual(images.data.slice(80, 120));
    expect(label.shape).toEqual([]);
    expect(label.itemSync()).toBe(2);
  });

  it("gathers a batch in the order asked for, rows long and short", () => {
    const [image, label] = new TensorDataset(images, labels).getBatch(Int32Array.of(4, 0, 4));
    expect(image.shape).toEqual([3, 4, 10]);
    expect([...image.dataSync()]).toEqual([
      ...images.data.subarray(160),
      ...images.data.subarray(0, 40),
      ...images.data.subarray(160),
    ]);
    expect(label.arraySync()).toEqual([0, 4, 0]);
    expect(label.dtype).toBe("int32");
  });

  it("takes tensors, keeping their dtype", () => {
    const data = new TensorDataset(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([true, false]),
    );
    const [x, y] = data.getBatch(Int32Array.of(1));
    expect(x.arraySync()).toEqual([[3, 4]]);
    expect(y.dtype).toBe("bool");
    expect(y.arraySync()).toEqual([false]);
  });

  it("reads tensors by waiting where that is the only way", async () => {
    const data = await TensorDataset.from(tensor([[1], [2]]), labels.subarray(0, 2));
    expect(data.getBatch(Int32Array.of(1, 0))[0].arraySync()).toEqual([[2], [1]]);
  });

  it("does not copy the arrays it is given", () => {
    const mine = Float32Array.of(1, 2);
    const data = new TensorDataset(mine);
    mine[0] = 7;
    expect(data.get(0)[0].itemSync()).toBe(7);
  });

  it("refuses columns of different lengths, none, and data that does not fill its shape", () => {
    expect(() => new TensorDataset(images, Int32Array.of(1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [TensorDataset] columns must share their first axis: expected one or more columns with the same number of rows, got 5, 1 rows.]`,
    );
    expect(() => new TensorDataset()).toThrow(ShapeError);
    expect(() => new TensorDataset({ data: labels, shape: [2, 2] })).toThrow(ShapeError);
    expect(() => new TensorDataset(tensor(3))).toThrow(/first axis/);
  });

  it("refuses an index outside", () => {
    const data = new TensorDataset(labels);
    for (const index of [-1, 5, 0.5, Number.NaN]) expect(() => data.get(index)).toThrow(IndexError);
    expect(() => data.getBatch(Int32Array.of(0, 5))).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: [TensorDataset.getBatch] the index must be inside the dataset: expected a whole number from 0 to 4, got 5.]`,
    );
  });
});

describe("subset", () => {
  it("shows the chosen examples, one by one and in batches", () => {
    const part = subset(new TensorDataset(labels), [3, 0, 3]);
    expect(part.length).toBe(3);
    expect(part.getBatch?.(Int32Array.of(2, 1))[0].arraySync()).toEqual([1, 4]);
    expect(subset(numbers(10), [7, 8]).get(1)).toBe(8);
    expect(subset(numbers(10), [7]).getBatch).toBeUndefined();
  });

  it("can be taken of a subset", () => {
    expect(subset(subset(numbers(10), [5, 6, 7]), [2, 0]).get(0)).toBe(7);
  });

  it("refuses an index outside when it is made, and when it is read", () => {
    expect(() => subset(numbers(3), [0, 3])).toThrow(IndexError);
    expect(() => subset(numbers(3), [0]).get(1)).toThrow(IndexError);
  });
});

describe("randomSplit", () => {
  const all = (part: Dataset<number>) =>
    Array.from({ length: part.length }, (_, i) => part.get(i) as number);

  it("puts every example in exactly one part", () => {
    const parts = randomSplit(numbers(10), [7, 3], { seed: 3 });
    expect(parts.map((part) => part.length)).toEqual([7, 3]);
    expect(parts.flatMap(all).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("takes fractions, and gives what rounding leaves to the first parts", () => {
    expect(randomSplit(numbers(10), [0.8, 0.1, 0.1]).map((part) => part.length)).toEqual([8, 1, 1]);
    expect(randomSplit(numbers(10), [1 / 3, 1 / 3, 1 / 3]).map((part) => part.length)).toEqual([
      4, 3, 3,
    ]);
  });

  it("follows from the seed", () => {
    const [a] = randomSplit(numbers(100), [50, 50], { seed: 1 }).map(all);
    const [b] = randomSplit(numbers(100), [50, 50], { seed: 1 }).map(all);
    const [c] = randomSplit(numbers(100), [50, 50], { seed: 2 }).map(all);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("refuses sizes that do not account for every example", () => {
    expect(() => randomSplit(numbers(10), [5, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [randomSplit] the sizes must account for every example: expected counts that add up to 10, or fractions that add up to 1, got [5, 4], which add up to 9.]`,
    );
    expect(() => randomSplit(numbers(10), [0.5, 0.4])).toThrow(ValueError);
    expect(() => randomSplit(numbers(10), [11, -1])).toThrow(ValueError);
  });
});
