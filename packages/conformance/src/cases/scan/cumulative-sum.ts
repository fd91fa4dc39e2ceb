import { AxisError, cumulativeSum, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("cumulativeSum", (c) => {
  c.primitive();
  c.forward([1, 2, 3, -5], [1, 3, 6, 1]);
  c.forward([], []);
  c.forward([7], [7]);
  // bool and ints are added up as int32, which wraps.
  c.forward(bool([1, 1, 0, 1]), int32([1, 2, 2, 3]));
  c.forward(uint8([200, 100]), int32([200, 300]));
  c.forward(int32([2147483647, 1, 1]), int32([2147483647, -2147483648, -2147483647]));
  c.edges([1, Number.NaN, 2], [1, Number.NaN, Number.NaN]);
  c.edges([1, Infinity, -Infinity, 1], [1, Infinity, Number.NaN, Number.NaN]);
  c.gradient([0.5, -1, 2]);
  c.throws("a scalar", AxisError, typed("float32", 1));
  c.throws("two axes without one of them named", AxisError, [[1]]);
  const sheet = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const columns = c.call("axis 0", (x) => cumulativeSum(x, 0));
  columns.forward(sheet, [
    [1, 2, 3],
    [5, 7, 9],
  ]);
  columns.forward(typed("float32", [], [0, 3]), typed("float32", [], [0, 3]));
  columns.gradient(sheet);
  columns.throws("a missing axis", AxisError, typed("float32", 1));
  const rows = c.call("axis -1", (x) => cumulativeSum(x, -1));
  rows.forward(sheet, [
    [1, 3, 6],
    [4, 9, 15],
  ]);
  rows.forward(
    int32([
      [
        [1, 2],
        [3, 4],
      ],
    ]),
    int32([
      [
        [1, 3],
        [3, 7],
      ],
    ]),
  );
  rows.forward(typed("float32", [], [2, 0]), typed("float32", [], [2, 0]));
  const middle = c.call("axis 1 of 3", (x) => cumulativeSum(x, 1));
  middle.forward(
    [sheet],
    [
      [
        [1, 2, 3],
        [5, 7, 9],
      ],
    ],
  );
  middle.throws("a missing axis", AxisError, [1]);
  const initial = c.call("with the initial 0", (x) =>
    cumulativeSum(x, -1, { includeInitial: true }),
  );
  initial.forward([1, 2, 3], [0, 1, 3, 6]);
  initial.forward([], [0]);
  initial.forward(
    bool([[1], [1]]),
    int32([
      [0, 1],
      [0, 1],
    ]),
  );
  initial.gradient(sheet);
  const wrap = async ({ backend, prepared }: Bench): Promise<void> => {
    const [rows, columns] = [2, 700];
    const data = Int32Array.from({ length: rows * columns }, (_, i) => i * 30000001);
    const expected = data.slice();
    for (let i = 1; i < columns; i++) {
      for (let row = 0; row < rows; row++) {
        const place = row * columns + i;
        expected[place] = (expected[place] ?? 0) + (expected[place - 1] ?? 0);
      }
    }
    const make = (elements: Int32Array): Tensor =>
      tensor(elements, { shape: [rows, columns], backend });
    const both = prepared(
      (x: Tensor) => [cumulativeSum(x, 1), cumulativeSum(x.T.copy(), 0).T],
      () => [make(data.toReversed())],
    );
    for (const found of both(make(data))) {
      ensure(`${await found.data()}` === `${expected}`, "a sum differs from that of a plain loop");
    }
  };
  c.check("long lines of ints wrap, along every axis", wrap, { exactInt32: true, compiles: true });
  c.torch(
    ({ axis, includeInitial }) =>
      (x) =>
        cumulativeSum(x, Number(axis), { includeInitial }),
  );
});
