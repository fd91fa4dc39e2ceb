import { AxisError, argmin, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("argmin", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are positions");
  c.forward(
    [
      [1, 5],
      [7, 0],
    ],
    int32(3, []),
  );
  // The first of equal ones, and NaN counts as smallest.
  c.forward([3, 1, 1, 7], int32(1, []));
  c.edges([1, Number.NaN, -9, Number.NaN], int32(1, []));
  c.edges([Infinity, Infinity], int32(0, []));
  c.forward(bool([1, 0, 0]), int32(1, []));
  c.forward(uint8([3, 255]), int32(0, []));
  c.throws("nothing", ShapeError, []);
  const rows = c.call("axis 1", (x) => argmin(x, 1));
  rows.forward(
    [
      [1, 5],
      [7, 3],
      [2, 2],
    ],
    int32([0, 1, 0]),
  );
  rows.throws("a missing axis", AxisError, [1]);
  const columns = c.call("axis 0, kept", (x) => argmin(x, 0, { keepdims: true }));
  columns.forward(
    [
      [1, 5],
      [7, 3],
    ],
    int32([[0, 1]]),
  );
  columns.forward(typed("float32", [], [2, 0]), int32([], [1, 0]));
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        argmin(x, typeof axis === "number" ? axis : undefined, { keepdims }),
  );
});
