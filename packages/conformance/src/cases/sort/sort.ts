import { AxisError, sort } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

export default defineCases("sort", (c) => {
  c.forward([30, 10, 20, 10], [10, 10, 20, 30]);
  c.forward(
    [
      [3, 1, 2],
      [9, 8, 9],
    ],
    [
      [1, 2, 3],
      [8, 9, 9],
    ],
  );
  c.forward(int32([2147483647, -2147483648, 0]), int32([-2147483648, 0, 2147483647]));
  c.forward(uint8([255, 0, 128]), uint8([0, 128, 255]));
  c.forward(bool([1, 0, 1, 0]), bool([0, 0, 1, 1]));
  c.forward(typed("float32", 5), typed("float32", 5));
  c.forward([], []);
  c.forward(typed("float32", [], [2, 0]), typed("float32", [], [2, 0]));
  // NaN comes last; -0 and 0 are equal and keep their order.
  c.edges([nan, infinity, -infinity, nan, 1], [-infinity, 1, infinity, nan, nan]);
  c.edges([0, -0, 0, -1, -0], [-1, 0, -0, 0, -0]);
  c.gradient([0.5, -1, 2, 0.25]);
  const down = c.call("descending", (x) => sort(x, { descending: true }));
  down.forward([30, 10, 20, 10], [30, 20, 10, 10]);
  down.forward(uint8([255, 0, 128]), uint8([255, 128, 0]));
  down.forward(bool([1, 0, 1]), bool([1, 1, 0]));
  down.edges([1, nan, infinity, -infinity], [nan, infinity, 1, -infinity]);
  down.edges([-0, 1, 0], [1, -0, 0]);
  down.gradient([0.5, -1, 2, 0.25]);
  const columns = c.call("axis 0", (x) => sort(x, { axis: 0 }));
  columns.forward(
    [
      [3, 1],
      [2, 4],
    ],
    [
      [2, 1],
      [3, 4],
    ],
  );
  columns.forward(typed("float32", [], [0, 2]), typed("float32", [], [0, 2]));
  columns.gradient([
    [3, 1],
    [2, 4],
  ]);
  const far = c.call("axis 1", (x) => sort(x, { axis: 1 }));
  far.throws("a missing axis", AxisError, [1, 2]);
  far.throws("an axis of a tensor without axes", AxisError, typed("float32", 1));
  c.torch(
    ({ options }) =>
      (x) =>
        sort(x, options),
  );
});
