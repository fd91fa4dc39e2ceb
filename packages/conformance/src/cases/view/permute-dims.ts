import { AxisError, permuteDims } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("permuteDims", (c) => {
  c.primitive();
  const swapped = c.call("axes 1, 0", (x) => permuteDims(x, [1, 0]));
  swapped.forward(
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
  swapped.gradient([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  swapped.throws("too few axes", AxisError, [1, 2]);
  const turned = c.call("axes 2, 0, 1", (x) => permuteDims(x, [2, 0, 1]));
  turned.forward(
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [[[1, 3, 5]], [[2, 4, 6]]],
  );
  turned.gradient([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ]);
  const twice = c.call("axes 0, 0", (x) => permuteDims(x, [0, 0]));
  twice.throws("an axis named twice", AxisError, [[1]]);
  c.torch(
    ({ axes }) =>
      (x) =>
        permuteDims(x, axes ?? []),
  );
});
