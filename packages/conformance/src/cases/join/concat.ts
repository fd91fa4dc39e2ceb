import { concat, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("concat", (c) => {
  c.primitive();
  const rows = c.call("axis 0", (...parts) => concat(parts));
  rows.forward([1, 2], [3], [1, 2, 3]);
  rows.forward(
    [[1, 2]],
    [
      [3, 4],
      [5, 6],
    ],
    [[7, 8]],
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
  );
  rows.forward([1, 2], typed("float64", [], [0]), typed("float64", [1, 2]));
  rows.forward([], [], []);
  rows.forward(int32([1]), bool([1]), int32([1, 1]));
  rows.forward(int32([1]), [0.5], [1, 0.5]);
  rows.gradient([1, 2], [3], [4, 5]);
  rows.throws("shapes that differ elsewhere", ShapeError, [[1, 2]], [[1]]);
  rows.throws("another number of axes", ShapeError, [[1]], [1]);
  const columns = c.call("axis -1", (...parts) => concat(parts, -1));
  columns.forward(
    [[1], [2]],
    [
      [3, 4],
      [5, 6],
    ],
    [
      [1, 3, 4],
      [2, 5, 6],
    ],
  );
  columns.gradient(
    [[1], [2]],
    [
      [3, 4],
      [5, 6],
    ],
  );
  const both = c.call("along both axes", (...parts) =>
    concat([0, 1].map((axis) => concat(parts, axis).flatten())),
  );
  both.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
    [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 5, 6, 3, 4, 7, 8],
  );
  c.torch(
    ({ axis }) =>
      (...parts) =>
        concat(parts, Number(axis)),
  );
});
