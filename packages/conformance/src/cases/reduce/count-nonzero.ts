import { AxisError, countNonzero } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("countNonzero", (c) => {
  c.nonDifferentiable("its results are counts");
  c.forward([0, 1, -2, 0.5], int32(3, []));
  c.forward(typed("float32", 2), int32(1, []));
  c.forward([], int32(0, []));
  c.forward(int32([0, -1]), int32(1, []));
  c.forward(uint8([0, 255]), int32(1, []));
  c.forward(bool([1, 0, 1]), int32(2, []));
  c.edges([Number.NaN, Infinity, -0, 0], int32(2, []));
  const sheet = [
    [0, 1, 2],
    [0, 0, 3],
  ];
  const columns = c.call("axis 0", (x) => countNonzero(x, 0));
  columns.forward(sheet, int32([0, 1, 2]));
  columns.forward(typed("float32", [], [0, 2]), int32([0, 0]));
  columns.throws("a missing axis", AxisError, typed("float32", 1));
  const kept = c.call("axes 0 and 1, kept", (x) => countNonzero(x, [0, 1], { keepdims: true }));
  kept.forward(sheet, int32([[3]]));
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        countNonzero(x, axis ?? undefined, { keepdims }),
  );
});
