import { tile, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("tile", (c) => {
  const twice = c.call("[2]", (x) => tile(x, [2]));
  twice.forward([1, 2], [1, 2, 1, 2]);
  twice.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2, 1, 2],
      [3, 4, 3, 4],
    ],
  );
  twice.forward(int32([7]), int32([7, 7]));
  twice.forward(typed("float32", 5), typed("float32", [5, 5]));
  twice.forward([], []);
  twice.gradient([[1, 2]]);
  const sheet = c.call("[2,1]", (x) => tile(x, [2, 1]));
  sheet.forward(
    [1, 2],
    [
      [1, 2],
      [1, 2],
    ],
  );
  sheet.forward(
    bool([[1, 0]]),
    bool([
      [1, 0],
      [1, 0],
    ]),
  );
  sheet.gradient([1, 2]);
  const nothing = c.call("[0,2]", (x) => tile(x, [0, 2]));
  nothing.forward(int32([1]), int32([], [0, 2]));
  const once = c.call("[]", (x) => tile(x, []));
  once.forward([1, 2], [1, 2]);
  const negative = c.call("[-1]", (x) => tile(x, [-1]));
  negative.throws("a negative number", ValueError, [1]);
  const fraction = c.call("[1.5]", (x) => tile(x, [1.5]));
  fraction.throws("a fraction", ValueError, [1]);
  const number = c.call("2", (x) => tile(x, 2 as never));
  number.throws("a bare number", ValueError, [1]);
  c.torch(
    ({ counts }) =>
      (x) =>
        tile(x, counts as readonly number[]),
  );
});
