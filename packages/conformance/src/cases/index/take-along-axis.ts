import { AxisError, DTypeError, ShapeError, takeAlongAxis } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("takeAlongAxis", (c) => {
  c.forward(
    sheet,
    int32([
      [2, 0],
      [1, 1],
    ]),
    [
      [3, 1],
      [5, 5],
    ],
  );
  // One line of indices for all lines, and one line for all lines of indices.
  c.forward(sheet, uint8([[2, 2]]), [
    [3, 3],
    [6, 6],
  ]);
  c.forward([[1, 2, 3]], int32([[0], [2]]), [[1], [3]]);
  c.forward(sheet, int32([[-1, -3]]), [
    [3, 1],
    [6, 4],
  ]);
  c.forward(int32([5, 6]), int32([-2, 1, 1]), int32([5, 6, 6]));
  c.forward(bool([0, 1]), int32([-1, 0]), bool([1, 0]));
  c.forward([1, 2], int32([], [0]), []);
  c.forward(typed("float32", [], [0, 3]), int32([[1]]), typed("float32", [], [0, 1]));
  // No kernel can raise an error: outside there is NaN, or 0.
  c.edges([1, 2], int32([2, -3, -2147483648, 1]), [Number.NaN, Number.NaN, Number.NaN, 2]);
  c.forward(int32([5, 6]), int32([2, -3, -1]), int32([0, 0, 6]));
  c.edges(typed("float32", [], [0]), int32([0, -1]), typed("float32", [Number.NaN, Number.NaN]));
  c.gradient(sheet, int32([[2, -1, 0]]));
  const rows = c.call("axis 0", (x, indices) => takeAlongAxis(x, indices, 0));
  rows.forward(sheet, int32([[1, 0, -1]]), [[4, 2, 6]]);
  rows.gradient(sheet, int32([[1], [1], [0]]));
  c.throws("float indices", DTypeError, [1, 2], [0]);
  c.throws("a mask", DTypeError, [1, 2], bool([1, 0]));
  c.throws("another number of axes", ShapeError, [[1, 2]], int32([0]));
  c.throws("axes that do not broadcast", ShapeError, sheet, int32([[0], [0], [0]]));
  c.throws("a tensor without axes", AxisError, typed("float32", 1), int32(0, []));
  c.torch(
    ({ axis }) =>
      (x, indices) =>
        takeAlongAxis(x, indices, Number(axis)),
  );
});
