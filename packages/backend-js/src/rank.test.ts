import { type DType, layout, type Operand, type TypedArray } from "@chainrule/kernel";
import { expect, test } from "vitest";
import { rank } from "./rank.js";

function operand(
  data: TypedArray,
  shape: readonly number[],
  dtype: DType,
  strides?: readonly number[],
  offset = 0,
): Operand {
  return { buffer: { data, dtype }, layout: layout(shape, strides), offset, dtype };
}

/** The ranks of one line. */
function ranksOf(data: TypedArray, dtype: DType, descending = false): number[] {
  const out = new Int32Array(data.length).fill(-1);
  const shape = [data.length];
  rank(operand(data, shape, dtype), 0, descending, operand(out, shape, "int32"));
  return [...out];
}

/** By the definition: how many elements come before each. */
function counted(data: readonly number[], descending: boolean): number[] {
  const isLess = (a: number, b: number): boolean => a < b || (!Number.isNaN(a) && Number.isNaN(b));
  const precedes = (i: number, j: number): boolean => {
    const [a, b] = [data[i] ?? 0, data[j] ?? 0];
    const [first, second] = descending ? [b, a] : [a, b];
    return isLess(first, second) || (!isLess(second, first) && i < j);
  };
  return data.map((_, i) => data.filter((_, j) => precedes(j, i)).length);
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

test("ranks numbers in both directions, equal ones in their order", () => {
  const data = Float32Array.of(3, 1, 2, 1, 3);
  expect(ranksOf(data, "float32")).toEqual([3, 0, 2, 1, 4]);
  expect(ranksOf(data, "float32", true)).toEqual([0, 3, 2, 4, 1]);
});

test("takes NaN as greater than infinity, and -0 as equal to 0", () => {
  const data = Float64Array.of(nan, infinity, 0, -0, -infinity, nan, 0);
  expect(ranksOf(data, "float64")).toEqual([5, 4, 1, 2, 0, 6, 3]);
  expect(ranksOf(data, "float64", true)).toEqual([0, 2, 3, 4, 6, 1, 5]);
});

test("ranks the integers at the ends of their range", () => {
  const data = Int32Array.of(2147483647, -2147483648, 0, -2147483648);
  expect(ranksOf(data, "int32", true)).toEqual([0, 2, 1, 3]);
  expect(ranksOf(Uint8Array.of(255, 0, 128), "uint8")).toEqual([2, 0, 1]);
  expect(ranksOf(Uint8Array.of(1, 0, 1, 0), "bool", true)).toEqual([0, 2, 1, 3]);
});

test.each([0, 1, 7, 8, 9, 16, 17, 100, 1000])("counts what comes before, %i elements", (n) => {
  // Few distinct numbers, so that many are equal, and some NaN.
  const data = Array.from({ length: n }, (_, i) => {
    const value = ((i * 7919) % 31) - 15;
    return value === 3 ? nan : value / 4;
  });
  for (const descending of [false, true]) {
    expect(ranksOf(Float32Array.from(data), "float32", descending)).toEqual(
      counted(data, descending),
    );
  }
});

test("ranks lines along any axis, with any strides and offsets", () => {
  const out = new Int32Array(7).fill(-1);
  rank(
    // [[5, 3, 4], [1, 2, 0]], laid out backwards.
    operand(Float32Array.of(0, 2, 1, 4, 3, 5), [2, 3], "float32", [-3, -1], 5),
    1,
    false,
    // Transposed, after one element that stays.
    operand(out, [2, 3], "int32", [1, 2], 1),
  );
  expect([...out]).toEqual([-1, 2, 1, 0, 2, 1, 0]);
  const columns = new Int32Array(6);
  rank(
    operand(Float32Array.of(5, 3, 4, 1, 2, 0), [2, 3], "float32"),
    0,
    false,
    operand(columns, [2, 3], "int32"),
  );
  expect([...columns]).toEqual([1, 1, 1, 0, 0, 0]);
});

test("takes a repeated line and an empty axis", () => {
  const out = new Int32Array(4);
  rank(
    operand(Float32Array.of(2, 1), [2, 2], "float32", [0, 1]),
    1,
    false,
    operand(out, [2, 2], "int32"),
  );
  expect([...out]).toEqual([1, 0, 1, 0]);
  const empty = operand(new Int32Array(0), [2, 0], "int32");
  expect(() => rank(empty, 1, false, empty)).not.toThrow();
});
