import { describe, expect, test } from "vitest";
import { addresses } from "./addresses.js";
import { type Matrix, multiply } from "./multiply.js";

/** Small integers, so that every order of summation gives the same result. */
function filled(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * 31 + seed * 17) % 13) - 6);
}

/** A matrix of evenly spaced rows and columns. */
function strided(
  data: Matrix["data"],
  offset: number,
  rowStride: number,
  columnStride: number,
): Matrix {
  return {
    data,
    offset,
    rows: addresses([data.length], [rowStride]),
    columns: addresses([data.length], [columnStride]),
  };
}

function matrix(rows: number, columns: number, transposed: boolean, seed: number): Matrix {
  const data = filled(rows * columns + 3, seed);
  return transposed ? strided(data, 3, 1, rows) : strided(data, 3, columns, 1);
}

function at(m: Matrix, row: number, column: number): number {
  return m.data[m.offset + (m.rows[row] ?? 0) + (m.columns[column] ?? 0)] ?? Number.NaN;
}

function expectProduct(m: number, n: number, k: number, a: Matrix, b: Matrix, out: Matrix): void {
  out.data.fill(99);
  multiply(m, n, k, a, b, out);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += at(a, i, p) * at(b, p, j);
      if (at(out, i, j) !== sum)
        expect.fail(`[${m}, ${k}] · [${k}, ${n}] at ${i}, ${j}: ${at(out, i, j)}, not ${sum}`);
    }
  expect([...out.data.subarray(0, out.offset)]).toEqual(new Array(out.offset).fill(99));
}

describe("the packed product", () => {
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9];

  test.each([
    ["NN", false, false],
    ["NT", false, true],
    ["TN", true, false],
    ["TT", true, true],
  ] as const)("is that of a triple loop, %s, at all sizes around the tile", (_, ta, tb) => {
    for (const m of sizes)
      for (const n of sizes)
        for (const k of sizes)
          expectProduct(m, n, k, matrix(m, k, ta, 1), matrix(k, n, tb, 2), matrix(m, n, false, 3));
  });

  test.each([
    [6, 5, 511],
    [6, 5, 512],
    [6, 5, 513],
    [5, 6, 1100],
    [5, 131, 512],
    [9, 300, 700],
    [130, 4, 40],
  ])("is that of a triple loop across blocks: [%i, %i], depth %i", (m, n, k) => {
    expectProduct(m, n, k, matrix(m, k, false, 1), matrix(k, n, false, 2), matrix(m, n, true, 3));
    expectProduct(m, n, k, matrix(m, k, true, 1), matrix(k, n, true, 2), matrix(m, n, false, 3));
  });

  test("repeats a factor whose stride is 0 and walks backwards along negative strides", () => {
    const row = strided(filled(9, 1), 0, 0, 1);
    const backwards = strided(filled(81, 2), 80, -9, -1);
    expectProduct(9, 9, 9, row, backwards, matrix(9, 9, false, 3));
  });

  test("keeps NaN and infinities: a zero does not hide them", () => {
    const data = new Float32Array(36);
    data[7] = Number.NaN;
    data[14] = Number.POSITIVE_INFINITY;
    const special = strided(data, 0, 6, 1);
    const zeros = strided(new Float32Array(36), 0, 6, 1);
    const out = strided(new Float32Array(36), 0, 6, 1);
    multiply(6, 6, 6, zeros, special, out);
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++) expect(at(out, i, j)).toBe(j === 1 || j === 2 ? Number.NaN : 0);
  });

  test("sums float64 in float64", () => {
    const third = strided(new Float64Array(16).fill(1 / 3), 0, 4, 1);
    const out = strided(new Float64Array(16), 0, 4, 1);
    multiply(4, 4, 4, third, third, out);
    expect(at(out, 3, 3)).toBeCloseTo(4 / 9, 15);
  });
});
