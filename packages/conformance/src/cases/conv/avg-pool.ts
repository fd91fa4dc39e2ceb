import { avgPool, DTypeError, ShapeError, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("avgPool", (c) => {
  const two = c.call("2", (x) => avgPool(x, 2));
  two.forward([[[1, 3, 2, 0, 9]]], [[[2, 1]]]);
  two.forward(typed("float32", [], [0, 1, 4]), typed("float32", [], [0, 1, 2]));
  two.edges([[[1, Number.NaN, 2, Infinity]]], [[[Number.NaN, Infinity]]]);
  two.gradient([
    [
      [
        [0.5, -1, 2],
        [1, 0.25, -0.5],
      ],
    ],
  ]);
  const overlapping = c.call("overlapping, padded", (x) =>
    avgPool(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
  );
  overlapping.forward([[[1, 3, 2, 0]]], [[[2, 5 / 3]]]);
  overlapping.gradient([[[0.5, -1, 2, 0.1, -0.7]]]);
  const including = c.call("padding counts", (x) => avgPool(x, 2, { padding: 1 }));
  including.forward([[[2, 4, 6]]], [[[1, 5]]]);
  two.throws("no spatial axis", ShapeError, [[1, 2]]);
  two.throws("ints", DTypeError, int32([[[1, 2]]]));
  const half = c.call("window 1.5", (x) => avgPool(x, 1.5));
  half.throws("a fraction", ValueError, [[[1, 2, 3]]]);
  c.torch(
    ({ window = 1, options }) =>
      (x) =>
        avgPool(x, window, options),
  );
});
