import { DTypeError, fold, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32 } from "../../values.js";

export default defineCases("fold", (c) => {
  const two = c.call("2 to 3", (x) => fold(x, [3], 2));
  two.forward(
    [
      [
        [1, 2],
        [2, 3],
      ],
    ],
    [[[1, 4, 3]]],
  );
  two.forward(
    int32([
      [
        [1, 2],
        [2, 3],
      ],
    ]),
    int32([[[1, 4, 3]]]),
  );
  two.gradient([
    [
      [0.5, -1],
      [2, 0.25],
    ],
  ]);
  const padded = c.call("padding and stride", (x) => fold(x, [3], 2, { padding: 1, stride: 2 }));
  padded.forward(
    [
      [
        [9, 2],
        [1, 3],
      ],
    ],
    [[[1, 2, 3]]],
  );
  padded.gradient([
    [
      [0.5, -1],
      [2, 0.25],
    ],
  ]);
  two.throws("another number of columns", ShapeError, [[[1], [2]]]);
  two.throws("rows that are no windows", ShapeError, [[[1, 2]]]);
  two.throws("two axes", ShapeError, [[1, 2]]);
  two.throws(
    "bool",
    DTypeError,
    bool([
      [
        [1, 0],
        [0, 1],
      ],
    ]),
  );
  const bare = c.call("a bare size", (x) => fold(x, 3 as never, 2));
  bare.throws("what is no list", ShapeError, [[[1], [2]]]);
  c.torch(
    ({ window = 1, shape = [], options }) =>
      (x) =>
        fold(x, shape, window, options),
  );
});
