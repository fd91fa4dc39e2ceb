import { AxisError, transpose } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("transpose", (c) => {
  c.forward(
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
  c.gradient([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const outer = c.call("axes 0 and 2", (x) => transpose(x, 0, 2));
  outer.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [[1], [3]],
      [[2], [4]],
    ],
  );
  outer.throws("a missing axis", AxisError, [[1]]);
  c.torch(
    ({ axes: [a, b] = [] }) =>
      (x) =>
        transpose(x, a, b),
  );
});
