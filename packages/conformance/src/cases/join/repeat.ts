import { AxisError, repeat, ShapeError, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const sheet = [
  [1, 2],
  [3, 4],
];

export default defineCases("repeat", (c) => {
  const twice = c.call("2 times", (x) => repeat(x, 2));
  twice.forward(sheet, [1, 1, 2, 2, 3, 3, 4, 4]);
  twice.forward(int32([7]), int32([7, 7]));
  twice.forward(typed("float32", 5), typed("float32", [5, 5]));
  twice.forward([], []);
  twice.gradient(sheet);
  const columns = c.call("2 times along axis -1", (x) => repeat(x, 2, -1));
  columns.forward(sheet, [
    [1, 1, 2, 2],
    [3, 3, 4, 4],
  ]);
  columns.gradient(sheet);
  columns.throws("a tensor without axes", AxisError, typed("float32", 1));
  const counts = c.call("1 and 2 times along axis 0", (x) => repeat(x, [1, 2], 0));
  counts.forward(sheet, [
    [1, 2],
    [3, 4],
    [3, 4],
  ]);
  counts.forward(bool([1, 0]), bool([1, 0, 0]));
  counts.gradient(sheet);
  counts.throws("another number of slices", ShapeError, [1, 2, 3]);
  const none = c.call("0 times", (x) => repeat(x, 0));
  none.forward(sheet, []);
  none.gradient(sheet);
  const negative = c.call("-1 times", (x) => repeat(x, -1));
  negative.throws("a negative count", ValueError, [1]);
  const fraction = c.call("0.5 and 1 times", (x) => repeat(x, [0.5, 1]));
  fraction.throws("a fraction", ValueError, [1, 2]);
  const unknown = c.call("NaN times", (x) => repeat(x, Number.NaN));
  unknown.throws("NaN", ValueError, [1]);
  c.torch(
    ({ counts: repeats = 1, axis }) =>
      (x) =>
        repeat(x, repeats, typeof axis === "number" ? axis : undefined),
  );
});
