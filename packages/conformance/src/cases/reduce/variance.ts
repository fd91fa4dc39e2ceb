import { AxisError, DTypeError, tensor, ValueError, variance } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";
import { ensure } from "../../verify.js";

const sheet = [
  [1, 2, 6],
  [3, 6, 6],
];

export default defineCases("variance", (c) => {
  c.forward([1, 2, 3, 6], 3.5);
  c.forward(typed("float32", 5), typed("float32", 0));
  c.forward([], Number.NaN);
  // With the sum of squares, a float32 would have no digit left.
  c.forward([16777214, 16777216, 16777215, 16777215], 0.5);
  // Here the sum is rounded, and then the mean, to what it is exactly: programs round only once.
  c.check("of neighbours whose sum is no float32", async ({ backend }) => {
    const found = Number(
      await variance(tensor([16777214, 16777215, 16777216], { backend })).item(),
    );
    ensure(Math.abs(found - 2 / 3) < 1e-6, `expected ${2 / 3}, got ${found}`);
  });
  c.edges([1, Number.NaN], Number.NaN);
  c.edges([1, Infinity], Number.NaN);
  c.gradient(sheet);
  c.throws("ints", DTypeError, int32([1, 2]));
  c.throws("bool", DTypeError, bool([1, 0]));
  const rows = c.call("axis 1", (x) => variance(x, 1));
  rows.forward(sheet, [4.6666667, 2]);
  rows.forward(typed("float32", [], [0, 3]), typed("float32", []));
  rows.gradient(sheet);
  rows.throws("a missing axis", AxisError, [1]);
  const samples = c.call("of samples, kept", (x) =>
    variance(x, [0, -1], { correction: 1, keepdims: true }),
  );
  samples.forward(sheet, [[5.2]]);
  samples.gradient(sheet);
  const half = c.call("correction 1.5", (x) => variance(x, 0, { correction: 1.5 }));
  half.forward([1, 2, 3, 6], 5.6);
  const none = c.call("correction 2", (x) => variance(x, 0, { correction: 2 }));
  none.edges([1, 2], Infinity);
  none.edges([1, 1], Number.NaN);
  none.edges([1], Number.NaN);
  const broken = c.call("correction NaN", (x) => variance(x, 0, { correction: Number.NaN }));
  broken.throws("a correction that is NaN", ValueError, [1]);
  c.torch(
    ({ axis, correction, keepdims }) =>
      (x) =>
        variance(x, axis ?? undefined, { correction, keepdims }),
  );
});
