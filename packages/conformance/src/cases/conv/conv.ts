import {
  concat,
  conv,
  DTypeError,
  grad,
  ShapeError,
  type Tensor,
  ValueError,
} from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("conv", (c) => {
  c.primitive();
  c.forward([[[1, 2, 4, 8]]], [[[1, -1]]], [[[-1, -2, -4]]]);
  c.forward(
    [
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
    ],
    [
      [
        [
          [1, 0],
          [0, 1],
        ],
      ],
    ],
    [
      [
        [
          [6, 8],
          [12, 14],
        ],
      ],
    ],
  );
  c.forward(int32([[[65536, 1]]]), int32([[[65536, 7]]]), int32([[[7]]]));
  // (2³¹ - 1)² = 2⁶² - 2³² + 1 has more digits than a double.
  c.forward(int32([[[2147483647]]]), int32([[[2147483647]]]), int32([[[1]]]));
  c.forward(int32([[[1, 2]]]), [[[0.5]]], [[[0.5, 1]]]);
  c.forward(
    typed("float32", [], [0, 1, 4]),
    typed("float32", [[[1, 1]]]),
    typed("float32", [], [0, 1, 3]),
  );
  // Sums over no channels are 0.
  c.forward(
    typed("float32", [], [1, 0, 3]),
    typed("float32", [], [1, 0, 2]),
    typed("float32", [[[0, 0]]]),
  );
  c.edges([[[1, Number.NaN, 1, 1]]], [[[1, 1]]], [[[Number.NaN, Number.NaN, 2]]]);
  c.gradient(
    [
      [
        [0.5, -1, 2],
        [1, 0.25, -0.5],
      ],
    ],
    [
      [
        [1, 2],
        [0.5, -1],
      ],
    ],
  );
  const all = c.call("stride, padding, dilation and groups", (x, weight) =>
    conv(x, weight, { stride: 2, padding: [1, 0], dilation: [1, 2], groups: 2 }),
  );
  const image = [
    [0.5, -1, 2, 0.25],
    [1, 0.75, -0.5, 3],
    [-2, 1.5, 0.1, -1],
  ];
  all.gradient(
    [[image, image.toReversed()]],
    [
      [
        [
          [1, -2],
          [0.5, 0.3],
        ],
      ],
      [
        [
          [0.2, 1],
          [-1, 2],
        ],
      ],
    ],
  );
  // The three products are derivatives of each other: this one is first met in a second derivative.
  const slope = c.call("the gradient of the weight", (x, weight) =>
    grad((w: Tensor) => conv(x, w, { stride: 2, groups: 2 }).square().sum())(weight),
  );
  slope.gradient(
    [
      [
        [0.5, -1, 2],
        [1, 0.25, -0.5],
      ],
    ],
    [[[1, 2]], [[0.5, -1]]],
  );
  // Both results are [1, 1, 2]: shapes alone do not say which padding was meant.
  const paddings = c.call("two paddings of one input", (x, weight) =>
    concat([conv(x, weight, { stride: 3 }), conv(x, weight, { stride: 3, padding: 1 })], 2),
  );
  paddings.forward([[[1, 2, 3, 4, 5, 6]]], [[[1, 10, 100]]], [[[321, 654, 210, 543]]]);
  const strided = c.call("stride 2", (x, weight) => conv(x, weight, { stride: 2 }));
  strided.forward([[[1, 2, 3, 4, 5]]], [[[1, 1]]], [[[3, 7]]]);
  const same = c.call("same", (x, weight) => conv(x, weight, { padding: "same" }));
  // The odd zero goes behind.
  same.forward([[[1, 2, 3]]], [[[1, 1]]], [[[3, 5, 3]]]);
  const stridedSame = c.call("same with a stride", (x, weight) =>
    conv(x, weight, { padding: "same", stride: 2 }),
  );
  stridedSame.throws("a stride", ValueError, [[[1, 2, 3]]], [[[1, 1]]]);
  const grouped = c.call("three groups", (x, weight) => conv(x, weight, { groups: 3 }));
  grouped.throws("groups that do not divide", ValueError, [[[1], [1], [1]]], [[[1]], [[1]]]);
  const fraction = c.call("half a stride", (x, weight) => conv(x, weight, { stride: 0.5 }));
  fraction.throws("a fraction", ValueError, [[[1, 2, 3]]], [[[1, 1]]]);
  c.throws("too few axes", ShapeError, [[1, 2, 3]], [[[1, 1]]]);
  c.throws("no spatial axis", ShapeError, [[1, 2, 3]], [[1, 2, 3]]);
  c.throws("other channels", ShapeError, [[[1, 2, 3]]], [[[1], [1]]]);
  c.throws("a window longer than the axis", ShapeError, [[[1, 2]]], [[[1, 1, 1]]]);
  c.throws("bool", DTypeError, bool([[[1, 1]]]), bool([[[1]]]));
  c.torch(
    ({ options }) =>
      (x, weight) =>
        conv(x, weight, options),
  );
});
