import { layout, type Operand } from "@chainrule/kernel";
import { expect, test } from "vitest";
import { copyElements } from "./rows.js";

function operand(
  data: Float32Array,
  shape: readonly number[],
  strides?: readonly number[],
  offset = 0,
): Operand {
  return {
    buffer: { data, dtype: "float32" },
    layout: layout(shape, strides),
    offset,
    dtype: "float32",
  };
}

test("copies between any strides and offsets, and writes nothing else", () => {
  const shape = [2, 3];
  const ways: readonly (readonly [strides: readonly number[], offset: number])[] = [
    [[3, 1], 0],
    [[1, 2], 1],
    [[-3, -1], 6],
    [[6, 2], 2],
  ];
  for (const [fromStrides, fromOffset] of ways)
    for (const [toStrides, toOffset] of ways) {
      const place = (strides: readonly number[], offset: number, i: number, j: number): number =>
        offset + i * (strides[0] ?? 0) + j * (strides[1] ?? 0);
      const [from, to] = [new Float32Array(13).fill(-1), new Float32Array(13).fill(-2)];
      const expected = to.slice();
      for (const i of [0, 1])
        for (const j of [0, 1, 2]) {
          from[place(fromStrides, fromOffset, i, j)] = 10 * i + j;
          expected[place(toStrides, toOffset, i, j)] = 10 * i + j;
        }
      copyElements(
        operand(from, shape, fromStrides, fromOffset),
        operand(to, shape, toStrides, toOffset),
      );
      expect([...to], `[${fromStrides}] to [${toStrides}]`).toEqual([...expected]);
    }
});

test("copies a single element without axes, and nothing of empty arrays", () => {
  const to = new Float32Array(2);
  copyElements(operand(Float32Array.of(1, 2), [], [], 1), operand(to, []));
  for (const shape of [[0], [2, 0], [0, 2]])
    copyElements(operand(Float32Array.of(9), shape), operand(to, shape));
  expect([...to]).toEqual([2, 0]);
});
