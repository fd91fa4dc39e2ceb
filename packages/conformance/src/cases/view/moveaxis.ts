import { AxisError, moveaxis } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, typed } from "../../values.js";

const block = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
];

export default defineCases("moveaxis", (c) => {
  const last = c.call("0 to -1", (x) => moveaxis(x, 0, -1));
  last.forward(block, [
    [[1], [2]],
    [[3], [4]],
    [[5], [6]],
  ]);
  last.forward(bool([1, 0]), bool([1, 0]));
  last.forward(typed("float32", [], [0, 2]), typed("float32", [], [2, 0]));
  last.gradient(block);
  last.throws("a tensor without axes", AxisError, typed("float32", 1));
  const both = c.call("0, 1 to 2, 0", (x) => moveaxis(x, [0, 1], [2, 0]));
  both.forward(block, [
    [[1], [2]],
    [[3], [4]],
    [[5], [6]],
  ]);
  const none = c.call("nothing", (x) => moveaxis(x, [], []));
  none.forward([1, 2], [1, 2]);
  const uneven = c.call("0 to 0, 1", (x) => moveaxis(x, 0, [0, 1]));
  uneven.throws("more destinations than sources", AxisError, [[1]]);
  const twice = c.call("0, -2 to 0, 1", (x) => moveaxis(x, [0, -2], [0, 1]));
  twice.throws("an axis named twice", AxisError, [[1]]);
  const same = c.call("0, 1 to 1, -1", (x) => moveaxis(x, [0, 1], [1, -1]));
  same.throws("two axes in one place", AxisError, [[1]]);
  const far = c.call("0 to 2", (x) => moveaxis(x, 0, 2));
  far.throws("a missing place", AxisError, [[1]]);
  c.torch(
    ({ source = 0, destination = 0 }) =>
      (x) =>
        moveaxis(x, source, destination),
  );
});
