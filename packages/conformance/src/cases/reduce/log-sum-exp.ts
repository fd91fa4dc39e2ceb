import { AxisError, DTypeError, logSumExp } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

const sheet = [
  [0.5, -1, 2],
  [1, 0.25, 0],
];

export default defineCases("logSumExp", (c) => {
  c.forward([0, 0], Math.LN2);
  c.forward([Math.log(2), Math.log(3)], Math.log(5));
  // The exponentials would be Infinity, or all 0.
  c.forward([1000, 1000], 1000.6931472);
  c.forward([-1000, -1000], -999.3068528);
  c.forward(typed("float32", 7), typed("float32", 7));
  c.edges([], -Infinity);
  c.edges([-Infinity, -Infinity], -Infinity);
  c.edges([-Infinity, 1], 1);
  c.edges([Infinity, -Infinity, 1], Infinity);
  c.edges([Infinity, Infinity], Infinity);
  c.edges([Number.NaN, Infinity], Number.NaN);
  c.gradient(sheet);
  c.gradient([100, 101, -100]);
  c.throws("ints", DTypeError, int32([1, 2]));
  const rows = c.call("axis 1", (x) => logSumExp(x, 1));
  rows.forward(
    [
      [0, 0],
      [1000, 0],
    ],
    [Math.LN2, 1000],
  );
  rows.forward(typed("float32", [], [0, 2]), typed("float32", []));
  rows.edges(typed("float32", [], [2, 0]), typed("float32", [-Infinity, -Infinity]));
  rows.gradient(sheet);
  rows.throws("a missing axis", AxisError, [1]);
  const kept = c.call("axes 0 and 1, kept", (x) => logSumExp(x, [0, 1], { keepdims: true }));
  kept.forward(
    [
      [0, 0],
      [0, 0],
    ],
    [[2 * Math.LN2]],
  );
  kept.edges(typed("float32", [], [0, 1]), typed("float32", [[-Infinity]]));
  kept.gradient(sheet);
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        logSumExp(x, axis ?? undefined, { keepdims }),
  );
});
