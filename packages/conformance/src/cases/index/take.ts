import { DTypeError, take } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, uint8 } from "../../values.js";

export default defineCases("take", (c) => {
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([1, 1, 0]),
    [
      [3, 4],
      [3, 4],
      [1, 2],
    ],
  );
  c.forward(
    [5, 6, 7],
    uint8([
      [2, 0],
      [1, 1],
    ]),
    [
      [7, 5],
      [6, 6],
    ],
  );
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32(1, []),
    [3, 4],
  );
  c.forward([1, 2], int32([], [0]), []);
  c.edges([1, 2], int32([2, -1]), [Number.NaN, Number.NaN]);
  c.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    int32([1, 1, 0]),
  );
  const columns = c.call("axis 1", (x, indices) => take(x, indices, 1));
  columns.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([1, 0, 1]),
    [
      [2, 1, 2],
      [4, 3, 4],
    ],
  );
  columns.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    int32([1, 1, 0]),
  );
  c.throws("float indices", DTypeError, [1, 2], [0]);
  c.torch(
    ({ axis }) =>
      (x, indices) =>
        take(x, indices, Number(axis)),
  );
});
