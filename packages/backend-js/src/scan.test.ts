import {
  cumulativeMax,
  cumulativeMin,
  cumulativeProd,
  cumulativeSum,
  type ScanReducer,
  setBackend,
  type Tensor,
  tensor,
} from "@chainrule/core";
import { type DType, layout, type Operand, type TypedArray } from "@chainrule/kernel";
import { expect, test } from "vitest";
import { js } from "./backend.js";
import { scan } from "./scan.js";

function operand(
  data: TypedArray,
  dtype: DType,
  shape: readonly number[] = [data.length],
  strides?: readonly number[],
  offset = 0,
): Operand {
  return { buffer: { data, dtype }, layout: layout(shape, strides), offset, dtype };
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

test.each<[ScanReducer, readonly number[], readonly number[]]>([
  ["sum", [1, 2, -3, 0.5], [1, 3, 0, 0.5]],
  ["prod", [2, -3, 0.5, 0], [2, -6, -3, -0]],
  ["max", [1, 3, 2, 5], [1, 3, 3, 5]],
  ["min", [4, 2, 3, -1], [4, 2, 2, -1]],
  ["sum", [infinity, 1, -infinity, 2], [infinity, infinity, nan, nan]],
  ["max", [-infinity, nan, 7], [-infinity, nan, nan]],
  ["min", [nan, -infinity], [nan, nan]],
])("the %s of floats", (reduce, values, expected) => {
  const out = new Float64Array(values.length);
  scan(operand(Float64Array.from(values), "float64"), 0, reduce, operand(out, "float64"));
  expect([...out]).toEqual(expected);
});

test("wraps int32, and adds and multiplies smaller dtypes in it", () => {
  const run = (data: TypedArray, dtype: DType, reduce: ScanReducer): number[] => {
    const out = new Int32Array(data.length);
    scan(operand(data, dtype), 0, reduce, operand(out, "int32"));
    return [...out];
  };
  const largest = 2147483647;
  expect(run(Int32Array.of(largest, 1, 1), "int32", "sum")).toEqual([
    largest,
    -largest - 1,
    -largest,
  ]);
  expect(run(Int32Array.of(65537, 65537), "int32", "prod")).toEqual([65537, 131073]);
  // (2³¹ - 1)² = 2⁶² - 2³² + 1 has more digits than a double.
  expect(run(Int32Array.of(largest, largest), "int32", "prod")).toEqual([largest, 1]);
  expect(run(Uint8Array.of(200, 100), "uint8", "sum")).toEqual([200, 300]);
  expect(run(Uint8Array.of(200, 200), "uint8", "prod")).toEqual([200, 40000]);
  expect(run(Uint8Array.of(1, 0, 1), "bool", "sum")).toEqual([1, 1, 2]);
});

test("wraps sums of int32 beyond the digits of a double", () => {
  const out = new Int32Array(1);
  const [n, largest] = [5_000_000, 2147483647];
  // One element n times, each sum written over the one before.
  const x = operand(Int32Array.of(largest), "int32", [n], [0]);
  scan(x, 0, "sum", operand(out, "int32", [n], [0]));
  expect(out[0]).toBe(Number(BigInt.asIntN(32, BigInt(n) * BigInt(largest))));
});

test("adds in more digits than float32 stores", () => {
  const out = new Float32Array(1e5);
  scan(operand(new Float32Array(1e5).fill(0.1), "float32"), 0, "sum", operand(out, "float32"));
  expect(out[99999]).toBe(Math.fround(1e5 * Math.fround(0.1)));
});

test("walks any axis of any strides and offsets, and writes nothing else", () => {
  // Element [i, j, k] is 100 i + 10 j + k, laid out backwards after one element.
  const data = new Float32Array(13);
  for (let i = 0; i < 2; i++)
    for (let j = 0; j < 3; j++)
      for (let k = 0; k < 2; k++) data[12 - (6 * i + 2 * j + k)] = 100 * i + 10 * j + k;
  const x = operand(data, "float32", [2, 3, 2], [-6, -2, -1], 12);
  const lines: readonly (readonly number[])[] = [
    [0, 1, 10, 11, 20, 21, 100, 102, 120, 122, 140, 142],
    [0, 1, 10, 12, 30, 33, 100, 101, 210, 212, 330, 333],
    [0, 1, 10, 21, 20, 41, 100, 201, 110, 221, 120, 241],
  ];
  for (const [axis, expected] of lines.entries()) {
    const out = new Float32Array(14).fill(-1);
    scan(x, axis, "sum", operand(out, "float32", [2, 3, 2], undefined, 1));
    expect([...out]).toEqual([-1, ...expected, -1]);
  }
});

test("takes repeated elements and empty arrays", () => {
  const out = new Float32Array(3);
  scan(operand(Float32Array.of(2), "float32", [3], [0]), 0, "prod", operand(out, "float32"));
  expect([...out]).toEqual([2, 4, 8]);
  for (const shape of [[0], [2, 0], [0, 2]]) {
    const empty = operand(new Float32Array(0), "float32", shape);
    scan(empty, 0, "max", empty);
  }
});

test("the kernels that stand in for it give the same", () => {
  const backend = js();
  const without = { ...js(), routines: {} };
  const values = Array.from({ length: 60 }, (_, i) => ((i * 37) % 23) / 8 - 1);
  values[31] = nan;
  const run = (fn: (x: Tensor, axis: number) => Tensor, dtype: DType, axis: number): unknown[] =>
    [backend, without].map((each) => {
      setBackend(each);
      const data = dtype === "float32" ? values : values.map((v) => Math.floor(v * 8));
      return fn(tensor(data, { shape: [3, 4, 5], dtype }).flip(2), axis).arraySync();
    });
  for (const fn of [cumulativeSum, cumulativeProd, cumulativeMax, cumulativeMin])
    for (const dtype of ["float32", "int32", "bool"] as const)
      for (const axis of [0, 1, 2]) {
        const [routine, kernel] = run(fn as (x: Tensor, axis: number) => Tensor, dtype, axis);
        expect(routine, `${fn.name} of ${dtype} along ${axis}`).toEqual(kernel);
      }
});
