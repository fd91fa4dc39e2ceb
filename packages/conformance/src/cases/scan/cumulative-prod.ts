import { AxisError, cumulativeProd } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("cumulativeProd", (c) => {
  c.primitive();
  c.forward([1, 2, -3, 4], [1, 2, -6, -24]);
  c.forward([2, 0, 3], [2, 0, 0]);
  c.forward([], []);
  c.forward(bool([1, 1, 0, 1]), int32([1, 1, 0, 0]));
  c.forward(uint8([200, 200]), int32([200, 40000]));
  c.forward(int32([65536, 65536, 3]), int32([65536, 0, 0]));
  c.forward(int32([46341, 46341]), int32([46341, -2147479015]));
  // (2³¹ - 1)² = 2⁶² - 2³² + 1 has more digits than a double.
  c.forward(int32([2147483647, 2147483647]), int32([2147483647, 1]));
  c.edges([0, Infinity, 1], [0, Number.NaN, Number.NaN]);
  c.edges([-1, Infinity, -2], [-1, -Infinity, Infinity]);
  // Without zeros, with one, with several, of which the gradient of the gradient still sees two.
  c.gradient([0.5, -1, 2, 1.5, 3]);
  c.gradient([2, 0, 3, 0.5, -1, 1.5]);
  c.gradient([2, 0, 3, 0, -1]);
  c.gradient([0, 0, 0, 2]);
  c.throws("a scalar", AxisError, typed("float32", 1));
  c.throws("two axes without one of them named", AxisError, [[1]]);
  const sheet = [
    [1, 2, 3],
    [4, 0, 6],
  ];
  const columns = c.call("axis 0", (x) => cumulativeProd(x, 0));
  columns.forward(sheet, [
    [1, 2, 3],
    [4, 0, 18],
  ]);
  columns.forward(typed("float32", [], [0, 3]), typed("float32", [], [0, 3]));
  columns.gradient(sheet);
  const rows = c.call("axis -1", (x) => cumulativeProd(x, -1));
  rows.forward(sheet, [
    [1, 2, 6],
    [4, 0, 0],
  ]);
  rows.gradient(sheet);
  const initial = c.call("with the initial 1", (x) =>
    cumulativeProd(x, 0, { includeInitial: true }),
  );
  initial.forward([2, 3], [1, 2, 6]);
  initial.forward([], [1]);
  initial.gradient([2, 0, 3]);
  c.torch(
    ({ axis, includeInitial }) =>
      (x) =>
        cumulativeProd(x, Number(axis), { includeInitial }),
  );
});
