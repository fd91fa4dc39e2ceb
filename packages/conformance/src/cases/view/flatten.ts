import { AxisError, flatten } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { typed } from "../../values.js";

export default defineCases("flatten", (c) => {
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [1, 2, 3, 4],
  );
  c.forward(typed("float32", 7), typed("float32", [7]));
  c.gradient([
    [1, 2],
    [3, 4],
  ]);
  const inner = c.call("from axis 1", (x) => flatten(x, 1));
  inner.forward(
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
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
  );
  const outer = c.call("up to axis 1", (x) => flatten(x, 0, 1));
  outer.forward(
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
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
  );
  const backwards = c.call("from 1 to 0", (x) => flatten(x, 1, 0));
  backwards.throws("axes in the wrong order", AxisError, [[1]]);
  c.torch(
    ({ axis }) =>
      (x) =>
        flatten(x, Number(axis)),
  );
});
