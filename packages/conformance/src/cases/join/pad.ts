import { concat, pad, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("pad", (c) => {
  c.primitive();
  const line = c.call("1 before, 2 after", (x) => pad(x, [[1, 2]]));
  line.forward([1, 2], [0, 1, 2, 0, 0]);
  line.forward([], [0, 0, 0]);
  line.forward(int32([7]), int32([0, 7, 0, 0]));
  line.forward(bool([1]), bool([0, 1, 0, 0]));
  line.gradient([0.5, -1]);
  line.throws("a pair too few", ShapeError, [[1]]);
  const sheet = c.call("both axes with 9", (x) =>
    pad(
      x,
      [
        [0, 1],
        [1, 0],
      ],
      9,
    ),
  );
  sheet.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [9, 1, 2],
      [9, 3, 4],
      [9, 9, 9],
    ],
  );
  sheet.forward(typed("float32", [], [0, 1]), typed("float32", [[9, 9]]));
  sheet.gradient([
    [1, 2],
    [3, 4],
  ]);
  const infinite = c.call("with -Infinity", (x) => pad(x, [[1, 0]], -Infinity));
  infinite.edges([1], [-Infinity, 1]);
  const zeros = c.call("with 0 and with -0", (x) =>
    concat([pad(x, [[1, 0]], 0), pad(x, [[1, 0]], -0)]),
  );
  zeros.edges([1], [0, 1, -0, 1]);
  const nothing = c.call("by nothing", (x) => pad(x, [[0, 0]]));
  nothing.forward([1, 2], [1, 2]);
  c.torch(
    ({ widths, value }) =>
      (x) =>
        pad(x, widths ?? [], value),
  );
});
