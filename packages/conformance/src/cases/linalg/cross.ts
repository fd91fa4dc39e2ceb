import { AxisError, DTypeError, ShapeError } from "@chainrule/core";
import { cross } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("cross", (c) => {
  c.forward([1, 2, 3], [4, 5, 6], [-3, 6, -3]);
  c.forward(
    [1, 0, 0],
    [
      [0, 1, 0],
      [0, 0, 1],
    ],
    [
      [0, 0, 1],
      [0, -1, 0],
    ],
  );
  c.forward(int32([1, 2, 3]), uint8([4, 5, 6]), int32([-3, 6, -3]));
  c.forward(uint8([1, 2, 3]), uint8([4, 5, 6]), uint8([253, 6, 253]));
  c.forward(
    typed("float32", [], [0, 3]),
    typed("float32", [1, 2, 3]),
    typed("float32", [], [0, 3]),
  );
  c.gradient(
    [0.5, -1, 2],
    [
      [1, 0.25, 3],
      [-1, 2, 0.5],
    ],
  );
  const columns = c.call("axis 0", (a, b) => cross(a, b, { axis: 0 }));
  columns.forward([[1], [2], [3]], [[4], [5], [6]], [[-3], [6], [-3]]);
  columns.gradient([[0.5], [-1], [2]], [[1], [0.25], [3]]);
  columns.throws("an axis that one side lacks", AxisError, [[1], [2], [3]], [1, 2, 3]);
  c.throws("scalars", AxisError, typed("float32", 1), typed("float32", 1));
  c.throws("vectors of two", ShapeError, [1, 2], [1, 2]);
  c.throws("an extent of 1", ShapeError, [1, 2, 3], [1]);
  c.throws(
    "other axes that do not broadcast",
    ShapeError,
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
  );
  c.throws("bool", DTypeError, bool([true, true, true]), bool([true, true, true]));
  c.torch(
    ({ axis }) =>
      (a, b) =>
        cross(a, b, { axis: Number(axis) }),
  );
});
