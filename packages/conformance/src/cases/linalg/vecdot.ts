import { AxisError, DTypeError, ShapeError } from "@chainrule/core";
import { vecdot } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { bool, typed, uint8 } from "../../values.js";

const square = [
  [1, 2],
  [3, 4],
];

export default defineCases("vecdot", (c) => {
  c.forward(square, [1, 10], [21, 43]);
  c.forward(uint8([200, 2]), uint8([2, 3]), uint8(150));
  c.forward(typed("float32", [], [2, 0]), typed("float32", [], [0]), typed("float32", [0, 0]));
  c.edges([1, Infinity], [1, 0], Number.NaN);
  c.gradient(square, [1, 10]);
  const columns = c.call("axis 0", (a, b) => vecdot(a, b, { axis: 0 }));
  columns.forward(square, [[1], [10]], [31, 42]);
  columns.gradient(square, [[1], [10]]);
  columns.throws("an axis that one side lacks", AxisError, square, [1, 10]);
  c.throws("scalars", AxisError, typed("float32", 1), typed("float32", 1));
  c.throws("vectors of other lengths", ShapeError, [1, 2], [1]);
  c.throws("other axes that do not broadcast", ShapeError, [[1], [2]], [[1], [2], [3]]);
  c.throws("bool", DTypeError, bool([true]), bool([true]));
  c.torch(
    ({ axis }) =>
      (a, b) =>
        vecdot(a, b, { axis: Number(axis) }),
  );
});
