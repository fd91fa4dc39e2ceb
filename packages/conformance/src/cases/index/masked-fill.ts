import { DTypeError, maskedFill, ShapeError, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("maskedFill", (c) => {
  // Bare numbers among the operands are passed as numbers.
  c.forward([1, 2, 3], bool([1, 0, 1]), -1, [-1, 2, -1]);
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    bool([[0], [1]]),
    0.5,
    [
      [1, 2],
      [0.5, 0.5],
    ],
  );
  c.forward(
    [1, 2],
    bool([
      [1, 0],
      [0, 1],
    ]),
    0,
    [
      [0, 2],
      [1, 0],
    ],
  );
  c.forward(int32([1, 2]), bool([0, 1]), 7, int32([1, 7]));
  c.forward(uint8([1, 2]), bool([0, 1]), 255, uint8([1, 255]));
  c.forward(bool([1, 1]), bool([0, 1]), 0, bool([1, 0]));
  c.forward(typed("float32", 5), bool(1, []), 6, typed("float32", 6));
  c.forward([], bool([], [0]), 1, []);
  c.edges([Number.NaN, 1, Number.NaN], bool([1, 1, 0]), -Infinity, [
    -Infinity,
    -Infinity,
    Number.NaN,
  ]);
  c.edges([1, 2], bool([1, 0]), Number.NaN, [Number.NaN, 2]);
  c.gradient([0.5, -1, 2], bool([1, 0, 1]), 3);
  c.throws("a mask of numbers", DTypeError, [1], [1], 0);
  c.throws("shapes that do not broadcast", ShapeError, [1, 2, 3], bool([1, 0]), 0);
  c.throws("a fraction for ints", ValueError, int32([1]), bool([1]), 0.5);
  c.throws("NaN for ints", ValueError, int32([1]), bool([1]), Number.NaN);
  c.throws("a number beyond the dtype", ValueError, uint8([1]), bool([1]), 256);
  c.throws("2 for bool", ValueError, bool([1]), bool([1]), 2);
  c.torch(
    ({ value = 0 }) =>
      (x, mask) =>
        maskedFill(x, mask, value),
  );
});
