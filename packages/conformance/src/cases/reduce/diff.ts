import { AxisError, diff, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const sheet = [
  [1, 2, 6],
  [3, 6, 5],
];

export default defineCases("diff", (c) => {
  c.forward([1, 4, 9, 16], [3, 5, 7]);
  c.forward(sheet, [
    [1, 4],
    [3, -1],
  ]);
  c.forward([5], []);
  c.forward([], []);
  c.forward(int32([-2147483648, 2147483647]), int32([-1]));
  c.forward(uint8([3, 1]), uint8([254]));
  c.forward(bool([1, 0, 0, 1]), bool([1, 0, 1]));
  c.edges([1, Infinity, Infinity], [Infinity, Number.NaN]);
  c.gradient(sheet);
  c.throws("a scalar", AxisError, typed("float32", 1));
  const columns = c.call("axis 0", (x) => diff(x, { axis: 0 }));
  columns.forward(sheet, [[2, 4, -1]]);
  columns.gradient(sheet);
  columns.forward(int32([[1, 2]]), int32([], [0, 2]));
  const twice = c.call("twice", (x) => diff(x, { n: 2 }));
  twice.forward([1, 4, 9, 16], [2, 2]);
  twice.forward(bool([1, 0, 0]), bool([1]));
  twice.forward([1, 4], []);
  twice.gradient([1, 4, 9, 16]);
  const never = c.call("not at all", (x) => diff(x, { n: 0 }));
  never.forward([1, 4], [1, 4]);
  const often = c.call("10¹² times", (x) => diff(x, { n: 1e12 }));
  often.forward([1, 4], []);
  for (const n of [-1, 0.5, Number.NaN, Infinity]) {
    const wrong = c.call(`${n} times`, (x) => diff(x, { n }));
    wrong.throws("what is no count", ValueError, [1, 2]);
  }
  const missing = c.call("axis 1", (x) => diff(x, { axis: 1 }));
  missing.throws("a missing axis", AxisError, [1, 2]);
  c.torch(
    ({ axis, n }) =>
      (x) =>
        diff(x, { axis: Number(axis), n }),
  );
});
