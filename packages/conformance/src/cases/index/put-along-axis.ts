import { AxisError, DTypeError, putAlongAxis, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("putAlongAxis", (c) => {
  c.forward([1, 2, 3], int32([2, 0]), [7, 8], [8, 2, 7]);
  c.forward(
    sheet,
    int32([
      [2, 0],
      [1, 1],
    ]),
    [
      [7, 8],
      [9, 10],
    ],
    [
      [8, 2, 7],
      [4, 10, 6],
    ],
  );
  // The last of several values stays, also where there are more values than places.
  c.forward([1, 2], int32([0, 1, 0, 0, 1]), [3, 4, 5, 6, 7], [6, 7]);
  c.forward([1, 2, 3], int32([-1, -3, 2]), [7, 8, 9], [8, 2, 9]);
  // One line of indices or values for all lines.
  c.forward(
    sheet,
    int32([[0, 2]]),
    [[7], [8]],
    [
      [7, 2, 7],
      [8, 5, 8],
    ],
  );
  c.forward(sheet, uint8([[1], [0]]), typed("float32", 9), [
    [1, 9, 3],
    [9, 5, 6],
  ]);
  c.forward(int32([1, 2]), int32([1]), [7.9], int32([1, 7]));
  c.forward(bool([1, 1]), int32([1, 0]), bool([0, 1]), bool([1, 0]));
  c.forward([1, 2], int32([], [0]), [], [1, 2]);
  c.forward([], int32([0, -1]), [1, 2], []);
  // Positions outside are skipped.
  c.forward([1, 2], int32([2, -3, 1]), [5, 6, 7], [1, 7]);
  c.edges(
    [1, Number.NaN, 3],
    int32([0, 0, 2]),
    [Number.NaN, -0, Infinity],
    [-0, Number.NaN, Infinity],
  );
  c.gradient([0.5, -1, 2], int32([2, 0, 2, -1]), [1, 2, 3, 4]);
  const rows = c.call("axis 0", (x, indices, values) => putAlongAxis(x, indices, values, 0));
  rows.forward(
    sheet,
    int32([[1, 0, -1]]),
    [[7, 8, 9]],
    [
      [1, 8, 3],
      [7, 5, 9],
    ],
  );
  rows.gradient(
    sheet,
    int32([
      [1, 0, 1],
      [1, 1, 0],
    ]),
    [[7, 8, 9]],
  );
  c.throws("float indices", DTypeError, [1], [0], [1]);
  c.throws("another number of axes", ShapeError, [[1, 2]], int32([0]), [1]);
  c.throws("indices that do not fit", ShapeError, sheet, int32([[0], [0], [0]]), [1]);
  c.throws("values that do not fit", ShapeError, [1, 2], int32([0, 1]), [1, 2, 3]);
  c.throws("a tensor without axes", AxisError, typed("float32", 1), int32(0, []), [1]);
  c.torch(
    ({ axis }) =>
      (x, indices, values) =>
        putAlongAxis(x, indices, values, Number(axis)),
  );
});
