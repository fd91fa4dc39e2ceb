import { AxisError, diagonal, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("diagonal", (c) => {
  c.primitive();
  c.forward(sheet, [1, 5]);
  c.forward(
    int32([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    int32([1, 4]),
  );
  c.forward(
    bool([
      [1, 0],
      [1, 1],
    ]),
    bool([1, 1]),
  );
  c.forward(
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
    [
      [1, 4],
      [5, 8],
    ],
  );
  c.forward(typed("float32", [], [2, 0]), typed("float32", []));
  c.forward(typed("float32", [], [0, 2, 2]), typed("float32", [], [0, 2]));
  c.gradient(sheet);
  c.throws("a line", AxisError, [1, 2]);
  const above = c.call("offset 1", (x) => diagonal(x, 1));
  above.forward(sheet, [2, 6]);
  above.gradient(sheet);
  const below = c.call("offset -1", (x) => diagonal(x, -1));
  below.forward(sheet, [4]);
  below.gradient(sheet);
  const beyond = c.call("offset 3", (x) => diagonal(x, 3));
  beyond.forward(sheet, []);
  beyond.gradient(sheet);
  // Its gradient, zeros alone, has a gradient too.
  c.call("offset 3, squared", (x) => diagonal(x, 3).square()).gradient(sheet);
  const view = c.call("offset -1 of a flipped transpose", (x) => diagonal(x.mT.flip(0), -1));
  view.forward(sheet, [2, 4]);
  view.gradient(sheet);
  const fraction = c.call("offset 0.5", (x) => diagonal(x, 0.5));
  fraction.throws("a fraction", ValueError, sheet);
  const unknown = c.call("offset NaN", (x) => diagonal(x, Number.NaN));
  unknown.throws("NaN", ValueError, sheet);
  c.torch(
    ({ offset }) =>
      (x) =>
        diagonal(x, offset),
  );
});
