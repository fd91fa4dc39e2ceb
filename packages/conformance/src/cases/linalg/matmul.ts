import { DTypeError, matmul, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

type Matrix = number[][];

/** Matrices of small integers. */
function filled(count: number, rows: number, columns: number, seed: number): Matrix[] {
  return Array.from({ length: count }, (_, b) =>
    Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => ((b * 7 + i * 29 + j * 13 + seed) % 11) - 5),
    ),
  );
}

/** Numbers of 31 bits, whose products have more digits than a double. */
function wide(matrix: Matrix): Matrix {
  return matrix.map((row) => row.map((x) => Math.imul(x, 429496727)));
}

/** The products of pairs of matrices, by three loops; they wrap as int32 does. */
function timesEach(a: readonly Matrix[], b: readonly Matrix[]): Matrix[] {
  return a.map((left, index) => {
    const right = b[index] ?? [];
    return left.map((row) =>
      (right[0] ?? []).map((_, j) =>
        row.reduce((sum, x, p) => (sum + Math.imul(x, right[p]?.[j] ?? 0)) | 0, 0),
      ),
    );
  });
}

const empty = (...shape: number[]) => typed("float32", [], shape);

export default defineCases("matmul", (c) => {
  c.primitive();
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
    [
      [19, 22],
      [43, 50],
    ],
  );
  c.forward([1, 2, 3], [4, 5, 6], 32);
  c.forward(
    [1, 2],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [9, 12, 15],
  );
  c.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [1, 0, -1],
    [-2, -2],
  );
  c.forward([[[1, 2]], [[3, 4]]], [[1], [1]], [[[3]], [[7]]]);
  c.forward(int32([[1, 2]]), int32([[3], [4]]), int32([[11]]));
  c.forward(int32([[65536, 1]]), int32([[65536], [7]]), int32([[7]]));
  c.forward(int32([[1, 2]]), [[0.5], [0.25]], [[1]]);
  // Large enough for the ways that backends keep for large ones.
  const [left, right] = [filled(2, 9, 12, 1), filled(2, 12, 10, 2)];
  c.forward(left, right, timesEach(left, right));
  const [large, other] = [left, right].map((x) => x.map(wide)) as [Matrix[], Matrix[]];
  c.forward(int32(large), int32(other), int32(timesEach(large, other)));
  // Sums over nothing are 0.
  c.forward(
    empty(2, 0),
    empty(0, 3),
    typed("float32", [
      [0, 0, 0],
      [0, 0, 0],
    ]),
  );
  c.forward(empty(0, 2), typed("float32", [[1], [2]]), empty(0, 1));
  c.forward(
    empty(0, 2, 2),
    typed("float32", [
      [1, 2],
      [3, 4],
    ]),
    empty(0, 2, 2),
  );
  c.edges([[0, 1]], [[Infinity], [1]], [[Number.NaN]]);
  c.edges([[1, Number.NaN]], [[1], [0]], [[Number.NaN]]);
  c.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    [
      [1, 2, 3],
      [0.5, 0.1, -1],
    ],
  );
  // A batch axis of one side is summed over in its gradient.
  c.gradient(
    [
      [
        [0.5, -1],
        [2, 0.25],
      ],
    ],
    [
      [[1], [2]],
      [[0.5], [-1]],
    ],
  );
  c.gradient([0.5, -1], [2, 3]);
  c.call("of transposes", (a, b) => matmul(a.mT, b.mT)).gradient(
    [
      [0.5, -1],
      [2, 0.25],
      [1, 3],
    ],
    [
      [1, 2, 3],
      [0.5, 0.1, -1],
    ],
  );
  c.throws("inner extents that differ", ShapeError, [[1, 2]], [[1, 2]]);
  c.throws("batches that do not broadcast", ShapeError, [[[1]], [[1]]], [[[1]], [[1]], [[1]]]);
  c.throws("scalars", ShapeError, typed("float32", 1), [1]);
  c.throws("bool", DTypeError, bool([[1]]), bool([[1]]));
  c.torch(() => matmul);
});
