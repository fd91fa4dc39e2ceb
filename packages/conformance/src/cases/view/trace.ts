import { AxisError, trace, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("trace", (c) => {
  c.forward(
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
    [5, 13],
  );
  c.forward(
    uint8([
      [200, 0],
      [0, 200],
    ]),
    int32(400, []),
  );
  c.forward(
    bool([
      [1, 0],
      [1, 1],
    ]),
    int32(2, []),
  );
  c.forward(typed("float32", [], [0, 3]), typed("float32", 0));
  c.edges(
    [
      [
        [Number.NaN, 1],
        [1, 1],
      ],
      [
        [Infinity, Number.NaN],
        [Number.NaN, 1],
      ],
    ],
    [Number.NaN, Infinity],
  );
  c.gradient();
  c.throws("a line", AxisError, [1, 2]);
  const above = c.call("offset 1", (x) => trace(x, 1));
  above.forward(
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [8],
  );
  above.gradient();
  const fraction = c.call("offset 0.5", (x) => trace(x, 0.5));
  fraction.throws("a fraction", ValueError, [[1]]);
  c.torch(
    ({ offset }) =>
      (x) =>
        trace(x, offset),
  );
});
