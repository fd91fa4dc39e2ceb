import { AxisError, logSoftmax } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { typed } from "../../values.js";

export default defineCases("logSoftmax", (c) => {
  c.primitive();
  c.forward([0, 0], [-Math.LN2, -Math.LN2]);
  // log(softmax) would be -Infinity.
  c.forward([1000, 0], [0, -1000]);
  c.forward(
    [
      [0, Math.log(3)],
      [5, 5],
    ],
    [
      [-Math.log(4), Math.log(0.75)],
      [-Math.LN2, -Math.LN2],
    ],
  );
  c.forward(typed("float32", 7), typed("float32", 0));
  c.edges([Number.NaN, 1], [Number.NaN, Number.NaN]);
  c.edges([-Infinity, 1], [-Infinity, 0]);
  c.gradient([
    [0.5, -1, 2],
    [1, 0.25, 0],
  ]);
  const columns = c.call("axis 0", (x) => logSoftmax(x, 0));
  columns.gradient([
    [0.5, -1, 2],
    [1, 0.25, 0],
  ]);
  const missing = c.call("axis 2", (x) => logSoftmax(x, 2));
  missing.throws("a missing axis", AxisError, [[1]]);
  c.torch(
    ({ axis }) =>
      (x) =>
        logSoftmax(x, Number(axis)),
  );
});
