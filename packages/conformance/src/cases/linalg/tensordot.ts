import { AxisError, DTypeError, ShapeError } from "@chainrule/core";
import { tensordot } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const square = [
  [1, 2],
  [3, 4],
];

export default defineCases("tensordot", (c) => {
  c.forward(square, square, 30);
  c.forward(int32(square), square, 30);
  c.forward(typed("float32", [], [0, 2]), typed("float32", [], [0, 2]), typed("float32", 0));
  c.gradient(square, square);
  c.throws("extents that differ", ShapeError, [square], [square, square, square]);
  c.throws("too few axes", AxisError, [1], [1]);
  c.throws("bool", DTypeError, bool([[true]]), bool([[true]]));

  const once = c.call("once", (a, b) => tensordot(a, b, 1));
  once.forward(square, [1, 10], [21, 43]);
  const never = c.call("never", (a, b) => tensordot(a, b, 0));
  never.forward([1, 2], square, [
    square,
    [
      [2, 4],
      [6, 8],
    ],
  ]);
  never.forward(typed("float32", 2), typed("float32", 3), typed("float32", 6));
  const crossed = c.call("crossed", (a, b) =>
    tensordot(a, b, [
      [0, -1],
      [1, 0],
    ]),
  );
  crossed.forward(square, square, 29);
  crossed.gradient(square, square);

  const count = c.call("fraction", (a, b) => tensordot(a, b, 0.5));
  count.throws("a count that is not whole", AxisError, square, square);
  const twice = c.call("twice", (a, b) =>
    tensordot(a, b, [
      [0, -2],
      [0, 1],
    ]),
  );
  twice.throws("an axis named twice", AxisError, square, square);
  const odd = c.call("odd", (a, b) => tensordot(a, b, [[0, 1], [0]]));
  odd.throws("lists that do not pair up", AxisError, square, square);
  const three = c.call("three", (a, b) => tensordot(a, b, [[0], [0], [1]] as never));
  three.throws("three lists", AxisError, square, square);
  const one = c.call("one list", (a, b) => tensordot(a, b, [0, 1] as never));
  one.throws("numbers in place of lists", AxisError, square, square);
  c.torch(
    ({ count, pairs }) =>
      (a, b) =>
        tensordot(a, b, pairs ?? count),
  );
});
