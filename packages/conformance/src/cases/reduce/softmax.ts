import { AxisError, softmax } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("softmax", (c) => {
  c.primitive();
  c.forward([0, 0], [0.5, 0.5]);
  // The largest score is subtracted first: nothing overflows.
  c.forward([1000, 0], [1, 0]);
  c.forward(
    [
      [0, Math.log(3)],
      [5, 5],
    ],
    [
      [0.25, 0.75],
      [0.5, 0.5],
    ],
  );
  c.forward(typed("float32", 7), typed("float32", 1));
  c.forward(int32([3, 3]), typed("float32", [0.5, 0.5]));
  c.forward(typed("float32", [], [2, 0]), typed("float32", [], [2, 0]));
  c.edges([Number.NaN, 1], [Number.NaN, Number.NaN]);
  c.edges([-Infinity, 1], [0, 1]);
  c.edges([-Infinity, -Infinity], [Number.NaN, Number.NaN]);
  c.gradient([
    [0.5, -1, 2],
    [1, 0.25, 0],
  ]);
  const columns = c.call("axis 0", (x) => softmax(x, 0));
  columns.forward(
    [
      [0, 5],
      [Math.log(3), 5],
    ],
    [
      [0.25, 0.5],
      [0.75, 0.5],
    ],
  );
  columns.gradient([
    [0.5, -1, 2],
    [1, 0.25, 0],
  ]);
  const missing = c.call("axis 2", (x) => softmax(x, 2));
  missing.throws("a missing axis", AxisError, [[1]]);
  c.torch(
    ({ axis }) =>
      (x) =>
        softmax(x, Number(axis)),
  );
});
