import { DTypeError, maxPool, ShapeError, type Tensor, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const byTwo = (x: Tensor): Tensor => maxPool(x, 2);

export default defineCases("maxPool", (c) => {
  const two = c.call("2", byTwo);
  two.forward([[[1, 3, 2, 0, 9]]], [[[3, 2]]]);
  two.forward(int32([[[-5, -3]]]), int32([[[-3]]]));
  two.forward(uint8([[[5, 3]]]), uint8([[[5]]]));
  two.forward(typed("float32", [], [0, 1, 4]), typed("float32", [], [0, 1, 2]));
  two.edges([[[1, Number.NaN, -Infinity, -Infinity]]], [[[Number.NaN, -Infinity]]]);
  two.gradient([
    [
      [
        [0.5, -1, 2],
        [1, 0.25, -0.5],
      ],
    ],
  ]);
  const overlapping = c.call("overlapping, padded", (x) =>
    maxPool(x, 3, { stride: 2, padding: 1, dilation: 2 }),
  );
  overlapping.gradient([[[0.5, -1, 2, 0.1, -0.7]]]);
  const padded = c.call("padding never wins", (x) => maxPool(x, 3, { padding: 1, stride: 1 }));
  padded.forward([[[-1, -2, -3]]], [[[-1, -1, -2]]]);
  padded.forward(int32([[[-1, -2, -3]]]), int32([[[-1, -1, -2]]]));
  padded.forward(int32([[[-2147483648, -2147483648]]]), int32([[[-2147483648, -2147483648]]]));
  padded.edges([[[-Infinity, -Infinity]]], [[[-Infinity, -Infinity]]]);
  const ceil = c.call("ceilMode", (x) => maxPool(x, 2, { ceilMode: true }));
  ceil.forward([[[1, 3, 2]]], [[[3, 2]]]);
  // A window that would start behind the last element is none.
  const late = c.call("ceilMode, stride 3", (x) => maxPool(x, 2, { stride: 3, ceilMode: true }));
  late.forward([[[1, 3, 2, 0, 9, 4]]], [[[3, 9]]]);
  two.throws("no spatial axis", ShapeError, [[1, 2]]);
  two.throws("a window that does not fit", ShapeError, [[[1]]]);
  two.throws("bool", DTypeError, bool([[[1, 1]]]));
  const wide = c.call("padding 2", (x) => maxPool(x, 2, { padding: 2 }));
  wide.throws("padding of more than half a window", ValueError, [[[1, 2, 3]]]);
  const none = c.call("window 0", (x) => maxPool(x, 0));
  none.throws("an empty window", ValueError, [[[1, 2, 3]]]);
  c.torch(
    ({ window = 1, options }) =>
      (x) =>
        maxPool(x, window, options),
  );
});
