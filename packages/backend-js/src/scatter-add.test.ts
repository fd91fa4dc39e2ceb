import { type DType, layout, type Operand, type TypedArray } from "@chainrule/kernel";
import { expect, test } from "vitest";
import { scatterAdd } from "./scatter-add.js";

function operand(
  data: TypedArray,
  shape: readonly number[],
  strides?: readonly number[],
  offset = 0,
  dtype: DType = "float32",
): Operand {
  return { buffer: { data, dtype }, layout: layout(shape, strides), offset, dtype };
}

test("adds rows, repeated indices included, and skips indices outside the axis", () => {
  const out = new Float32Array(6);
  scatterAdd(
    operand(Float32Array.of(10, 20, 30, 40, 50, 60), [3, 2]),
    operand(Int32Array.of(2, 0, 2, -1, 3), [5, 2], [1, 0], 0, "int32"),
    operand(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), [5, 2]),
    0,
    operand(out, [3, 2]),
  );
  expect([...out]).toEqual([13, 24, 30, 40, 56, 68]);
});

test("adds along the last axis, with any strides and offsets, onto a repeated base", () => {
  const out = new Float32Array(8).fill(-1);
  scatterAdd(
    operand(Float32Array.of(7, 0.5), [2, 3], [0, 0], 1),
    operand(Int32Array.of(0, 1, 1, 0, 2, 2), [2, 3], [3, 1], 0, "int32"),
    // Element [i, j] is 10 i + j, laid out backwards.
    operand(Float32Array.of(12, 11, 10, 2, 1, 0), [2, 3], [-3, -1], 5),
    1,
    // Transposed, after one element that stays.
    operand(out, [2, 3], [1, 2], 1),
  );
  expect([...out]).toEqual([-1, 0.5, 10.5, 3.5, 0.5, 0.5, 23.5, -1]);
});

test("an index below 0 does not reach into the row before", () => {
  const out = new Float32Array(4);
  scatterAdd(
    operand(new Float32Array(4), [2, 2]),
    operand(Int32Array.of(0, 2, -1, 1), [2, 2], undefined, 0, "int32"),
    operand(Float32Array.of(1, 2, 3, 4), [2, 2]),
    1,
    operand(out, [2, 2]),
  );
  expect([...out]).toEqual([1, 0, 0, 4]);
});

test("wraps int32 and takes empty arrays and single elements", () => {
  const out = new Int32Array(1);
  const index = operand(new Int32Array(1), [1], undefined, 0, "int32");
  scatterAdd(
    operand(Int32Array.of(2147483647), [1], undefined, 0, "int32"),
    index,
    operand(Int32Array.of(1), [1], undefined, 0, "int32"),
    0,
    operand(out, [1], undefined, 0, "int32"),
  );
  expect([...out]).toEqual([-2147483648]);
  const kept = new Float32Array(2);
  scatterAdd(
    operand(Float32Array.of(1, 2), [2]),
    operand(new Int32Array(0), [0], undefined, 0, "int32"),
    operand(new Float32Array(0), [0]),
    0,
    operand(kept, [2]),
  );
  expect([...kept]).toEqual([1, 2]);
});
