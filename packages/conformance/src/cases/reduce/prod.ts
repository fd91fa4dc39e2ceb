import { prod } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, uint8 } from "../../values.js";

export default defineCases("prod", (c) => {
  c.primitive();
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    24,
  );
  c.forward([], 1);
  c.forward(bool([1, 0]), int32(0, []));
  c.forward(uint8([200, 200]), int32(40000, []));
  c.forward(int32([65536, 65536, 3]), int32(0, []));
  c.edges([0, Infinity], Number.NaN);
  c.edges([-1, Infinity], -Infinity);
  c.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  const rows = c.call("axis 1", (x) => prod(x, 1));
  rows.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [2, 12],
  );
  // The gradient of an element is the product of the others, also where elements are 0.
  rows.gradient([
    [0, 2, 3],
    [0, 0, 5],
    [1, 2, 4],
  ]);
  const several = c.call("axes 0 and 2", (x) => prod(x, [0, 2]));
  several.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
    [60, 672],
  );
  several.gradient([
    [
      [1, 2],
      [0, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ]);
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        prod(x, axis ?? undefined, { keepdims }),
  );
});
