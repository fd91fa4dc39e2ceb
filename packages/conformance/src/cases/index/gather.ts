import { DTypeError, gather, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("gather", (c) => {
  c.primitive();
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([[1], [0]]),
    [[2], [3]],
  );
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    uint8([[1, 1, 0]]),
    [[2, 2, 1]],
  );
  c.forward(int32([5, 6]), int32([1, 0, 1]), int32([6, 5, 6]));
  c.forward(bool([0, 1]), int32([1, 0]), bool([1, 0]));
  c.forward([1, 2], int32([], [0]), []);
  // No kernel can raise an error: outside there is NaN, or 0.
  c.edges([1, 2], int32([2, -1, 0]), [Number.NaN, Number.NaN, 1]);
  c.forward(int32([5, 6]), int32([2, -1, 0]), int32([0, 0, 5]));
  c.edges(typed("float32", [], [0]), int32([0]), typed("float32", [Number.NaN]));
  c.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    int32([
      [1, 1, 0],
      [0, 1, 0],
    ]),
  );
  const rows = c.call("axis 0", (x, indices) => gather(x, indices, 0));
  rows.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([
      [1, 0],
      [0, 0],
      [1, 1],
    ]),
    [
      [3, 2],
      [1, 2],
      [3, 4],
    ],
  );
  rows.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    int32([[1], [1], [0]]),
  );
  c.throws("float indices", DTypeError, [1, 2], [0]);
  c.throws("another number of axes", ShapeError, [[1, 2]], int32([0]));
  c.throws("indices that do not fit", ShapeError, [[1, 2]], int32([[0], [1]]));
  c.torch(
    ({ axis }) =>
      (x, indices) =>
        gather(x, indices, Number(axis)),
  );
});
