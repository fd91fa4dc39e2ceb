import { AxisError, DTypeError, std, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32 } from "../../values.js";

const sheet = [
  [1, 2, 6],
  [3, 6, 6],
];

export default defineCases("std", (c) => {
  c.forward([1, 3, 3, 5], Math.SQRT2);
  c.forward([4, 4], 0);
  c.forward([], Number.NaN);
  c.edges([1, Number.NaN], Number.NaN);
  c.gradient(sheet);
  c.throws("ints", DTypeError, int32([1, 2]));
  const rows = c.call("axis 1", (x) => std(x, 1));
  rows.forward(sheet, [2.1602469, Math.SQRT2]);
  rows.gradient(sheet);
  rows.throws("a missing axis", AxisError, [1]);
  const samples = c.call("of samples, kept", (x) => std(x, 0, { correction: 1, keepdims: true }));
  samples.forward(sheet, [[Math.SQRT2, 2.8284271, 0]]);
  const one = c.call("correction 1", (x) => std(x, 0, { correction: 1 }));
  one.edges([7], Number.NaN);
  const broken = c.call("correction infinite", (x) => std(x, 0, { correction: Infinity }));
  broken.throws("an infinite correction", ValueError, [1]);
  c.torch(
    ({ axis, correction, keepdims }) =>
      (x) =>
        std(x, axis ?? undefined, { correction, keepdims }),
  );
});
