import { concat, convTranspose, DTypeError, ShapeError, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const infinity = Number.POSITIVE_INFINITY;

export default defineCases("convTranspose", (c) => {
  c.primitive();
  c.forward([[[1, 2]]], [[[1, 10, 100]]], [[[1, 12, 120, 200]]]);
  c.forward(int32([[[1, 2]]]), int32([[[3, 4]]]), int32([[[3, 10, 8]]]));
  c.forward(
    typed("float32", [], [0, 1, 2]),
    typed("float32", [[[1, 1]]]),
    typed("float32", [], [0, 1, 3]),
  );
  c.gradient(
    [
      [
        [0.5, -1, 2],
        [1, 0.25, -0.5],
      ],
    ],
    [[[1, 2]], [[0.5, -1]]],
  );
  const strided = c.call("stride 2, padding 1, outputPadding 1", (x, weight) =>
    convTranspose(x, weight, { stride: 2, padding: 1, outputPadding: 1 }),
  );
  strided.forward([[[1, 2]]], [[[1, 10, 100]]], [[[10, 102, 20, 200]]]);
  strided.gradient([[[0.5, -1, 2]]], [[[1, 2, -0.5]]]);
  // What the weight does not reach, it does not touch: PyTorch 1.13.
  c.edges([[[1, 2]]], [[[1, Number.NaN, 3]]], [[[1, Number.NaN, Number.NaN, 6]]]);
  c.edges([[[1, 2]]], [[[infinity, 1]]], [[[infinity, infinity, 2]]]);
  const grouped = c.call("two groups", (x, weight) => convTranspose(x, weight, { groups: 2 }));
  grouped.gradient(
    [
      [
        [0.5, -1],
        [1, 0.25],
      ],
    ],
    [[[1, 2]], [[0.5, -1]]],
  );
  const groups = c.call("one group and two of one input", (x, weight) =>
    concat([convTranspose(x, weight), convTranspose(x, weight, { groups: 2 })], 1),
  );
  groups.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[[1]], [[10]]],
    [
      [
        [31, 42],
        [1, 2],
        [30, 40],
      ],
    ],
  );
  const added = c.call("without and with outputPadding", (x, weight) =>
    concat(
      [
        convTranspose(x, weight, { stride: 2 }),
        convTranspose(x, weight, { stride: 2, outputPadding: 1 }),
      ],
      2,
    ),
  );
  added.forward([[[1, 2]]], [[[1, 10]]], [[[1, 10, 2, 20, 1, 10, 2, 20, 0]]]);
  const equal = c.call("outputPadding 1", (x, weight) =>
    convTranspose(x, weight, { outputPadding: 1 }),
  );
  equal.throws("outputPadding of the stride", ValueError, [[[1, 2]]], [[[1, 1]]]);
  const wide = c.call("outputPadding 2", (x, weight) =>
    convTranspose(x, weight, { outputPadding: 2 }),
  );
  wide.throws("outputPadding beyond the stride", ValueError, [[[1, 2]]], [[[1, 1]]]);
  const tight = c.call("padding 3", (x, weight) => convTranspose(x, weight, { padding: 3 }));
  tight.throws("padding that leaves nothing", ShapeError, [[[1, 2]]], [[[1, 1]]]);
  const empty = c.call("padding 1", (x, weight) => convTranspose(x, weight, { padding: 1 }));
  empty.throws("padding that leaves no more than nothing", ShapeError, [[[1, 2]]], [[[1]]]);
  c.throws("other channels", ShapeError, [[[1, 2, 3]]], [[[1]], [[1]]]);
  c.throws("too few axes", ShapeError, [[1, 2, 3]], [[[1, 1]]]);
  c.throws("bool", DTypeError, bool([[[1, 1]]]), bool([[[1]]]));
  c.torch(
    ({ options }) =>
      (x, weight) =>
        convTranspose(x, weight, options),
  );
});
