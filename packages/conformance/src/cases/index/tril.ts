import { AxisError, tril, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("tril", (c) => {
  c.forward(sheet, [
    [1, 0, 0],
    [4, 5, 0],
  ]);
  c.forward(
    [sheet, sheet],
    [
      [
        [1, 0, 0],
        [4, 5, 0],
      ],
      [
        [1, 0, 0],
        [4, 5, 0],
      ],
    ],
  );
  c.forward(
    int32([
      [1, 1],
      [1, 1],
    ]),
    int32([
      [1, 0],
      [1, 1],
    ]),
  );
  c.forward(uint8([[255]]), uint8([[255]]));
  c.forward(
    bool([
      [1, 1],
      [1, 0],
    ]),
    bool([
      [1, 0],
      [1, 0],
    ]),
  );
  c.forward(typed("float32", [], [2, 0]), typed("float32", [], [2, 0]));
  // What is cut off is 0, whatever it was.
  c.edges(
    [
      [Number.NaN, Number.NaN],
      [-0, Infinity],
    ],
    [
      [Number.NaN, 0],
      [-0, Infinity],
    ],
  );
  c.gradient(sheet);
  c.throws("a line", AxisError, [1, 2]);
  const above = c.call("k 1", (x) => tril(x, 1));
  above.forward(sheet, [
    [1, 2, 0],
    [4, 5, 6],
  ]);
  above.gradient(sheet);
  const below = c.call("k -1", (x) => tril(x, -1));
  below.forward(sheet, [
    [0, 0, 0],
    [4, 0, 0],
  ]);
  const all = c.call("k beyond the corner", (x) => tril(x, 5));
  all.forward(sheet, sheet);
  all.gradient(sheet);
  const far = c.call("k beyond int32", (x) => tril(x, 5e10));
  far.forward(sheet, sheet);
  const fraction = c.call("k 0.5", (x) => tril(x, 0.5));
  fraction.throws("a fraction", ValueError, sheet);
  const unknown = c.call("k NaN", (x) => tril(x, Number.NaN));
  unknown.throws("NaN", ValueError, sheet);
  c.torch(
    ({ offset }) =>
      (x) =>
        tril(x, offset),
  );
});
