import { AxisError, stack, type Tensor, unstack, zeros } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, typed } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("unstack", (c) => {
  const rows = c.call("axis 0, reversed", (x) => stack(unstack(x).reverse()));
  rows.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [3, 4],
      [1, 2],
    ],
  );
  rows.forward(bool([0, 0, 1]), bool([1, 0, 0]));
  rows.gradient([
    [1, 2],
    [3, 4],
  ]);
  rows.throws("a tensor without axes", AxisError, typed("float32", 1));
  const columns = c.call("axis -1 to 0", (x) => stack(unstack(x, -1)));
  columns.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  );
  columns.forward(typed("float32", [], [0, 2]), typed("float32", [], [2, 0]));
  c.check("an empty axis has no slices", ({ backend }) => {
    const { length } = unstack(zeros([0, 2], { backend }));
    ensure(length === 0, `expected no slices, got ${length}`);
  });
  c.torch(
    ({ axis, pick = 0 }) =>
      (x) =>
        unstack(x, Number(axis))[pick] as Tensor,
  );
});
