import { AxisError, sum } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("sum", (c) => {
  c.primitive();
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    10,
  );
  c.forward(typed("float32", 5), typed("float32", 5));
  c.forward([], 0);
  // bool and ints are added up as int32, which wraps.
  c.forward(bool([1, 1, 0]), int32(2, []));
  c.forward(uint8([200, 200]), int32(400, []));
  c.forward(int32([2147483647, 1]), int32(-2147483648, []));
  c.edges([1, Number.NaN], Number.NaN);
  c.edges([Infinity, -Infinity], Number.NaN);
  c.edges([Infinity, 1], Infinity);
  c.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  const columns = c.call("axis 0", (x) => sum(x, 0));
  columns.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [5, 7, 9],
  );
  columns.forward(typed("float32", [], [0, 3]), typed("float32", [0, 0, 0]));
  columns.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  columns.throws("a missing axis", AxisError, typed("float32", 1));
  const kept = c.call("axes 0 and 2, kept", (x) => sum(x, [0, -1], { keepdims: true }));
  kept.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
    [[[14], [22]]],
  );
  kept.gradient([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ]);
  kept.throws("an axis named twice", AxisError, [1]);
  const none = c.call("no axes", (x) => sum(x, []));
  none.forward([1, 2], [1, 2]);
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        sum(x, axis ?? undefined, { keepdims }),
  );
});
