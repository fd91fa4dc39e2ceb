import { DTypeError, mean } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("mean", (c) => {
  c.forward(
    [
      [1, 2],
      [3, 6],
    ],
    3,
  );
  c.forward([], Number.NaN);
  c.edges([1, Number.NaN], Number.NaN);
  c.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  c.throws("ints", DTypeError, int32([1, 2]));
  c.throws("bool", DTypeError, bool([1, 0]));
  const rows = c.call("axis 1", (x) => mean(x, 1));
  rows.forward(
    [
      [1, 2],
      [3, 6],
    ],
    [1.5, 4.5],
  );
  rows.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  const kept = c.call("axis 0, kept", (x) => mean(x, 0, { keepdims: true }));
  kept.forward(typed("float32", [], [2, 0]), typed("float32", [], [1, 0]));
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        mean(x, axis ?? undefined, { keepdims }),
  );
});
