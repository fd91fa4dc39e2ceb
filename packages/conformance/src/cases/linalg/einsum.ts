import { DTypeError, ShapeError, ValueError } from "@chainrule/core";
import { einsum } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const empty = (...shape: number[]) => typed("float32", [], shape);

export default defineCases("einsum", (c) => {
  const call = (equation: string) =>
    c.call(equation, (...operands) => einsum(equation, ...operands));

  const product = call("ij,jk->ik");
  product.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
    [
      [19, 22],
      [43, 50],
    ],
  );
  product.forward(int32([[65536, 1]]), int32([[65536], [7]]), int32([[7]]));
  product.forward(uint8([[16, 1]]), uint8([[16], [7]]), uint8([[7]]));
  product.forward(int32([[1, 2]]), [[0.5], [0.25]], [[1]]);
  product.forward(bool([[true, false]]), uint8([[3], [4]]), uint8([[3]]));
  product.forward(
    typed("float32", [[1, 2]]),
    typed("float64", [[0.1], [0.2]]),
    typed("float64", [[0.5]]),
  );
  // Sums over nothing are 0.
  product.forward(
    empty(2, 0),
    empty(0, 3),
    typed("float32", [
      [0, 0, 0],
      [0, 0, 0],
    ]),
  );
  product.forward(empty(0, 2), typed("float32", [[1], [2]]), empty(0, 1));
  product.edges([[0, 1]], [[Infinity], [1]], [[Number.NaN]]);
  product.edges([[1, Number.NaN]], [[1], [0]], [[Number.NaN]]);
  product.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    [
      [1, 2, 3],
      [0.5, 0.1, -1],
    ],
  );
  // The gradient of what stretches is summed.
  product.gradient([[0.5], [2]], [[1, 2, 3]]);
  product.throws(
    "extents that differ",
    ShapeError,
    [[1, 2]],
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  );
  product.throws("missing axes", ShapeError, [1, 2], [[1, 2]]);
  product.throws("missing operands", ValueError, [[1, 2]]);
  product.throws("bool", DTypeError, bool([[true]]), bool([[true]]));

  const trace = call("ii");
  trace.forward(
    [
      [1, 2],
      [3, 4],
    ],
    5,
  );
  trace.forward(
    uint8([
      [200, 0],
      [0, 100],
    ]),
    uint8(44),
  );
  trace.forward(empty(0, 0), typed("float32", 0));
  trace.gradient([
    [1, 2],
    [3, 4],
  ]);
  trace.throws("an axis of extent 1 in a diagonal", ShapeError, [[1, 2]]);

  const diagonals = call("...ii->i...");
  diagonals.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
      [
        [9, 10],
        [11, 12],
      ],
    ],
    [
      [1, 5, 9],
      [4, 8, 12],
    ],
  );
  diagonals.forward(empty(2, 0, 0), empty(0, 2));

  const bilinear = call("...i,ij,...j");
  bilinear.forward(
    [
      [1, 0],
      [1, 1],
    ],
    [
      [1, 2],
      [3, 4],
    ],
    [0, 1],
    [2, 6],
  );
  bilinear.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    [
      [1, 2],
      [0.5, 0.1],
    ],
    [0.3, -2],
  );
  // The axes of "..." lie as they do in the operand that has most of them.
  call("...i,...i->...").forward(
    [[1], [10]],
    [
      [[1], [2]],
      [[3], [4]],
      [[5], [6]],
    ],
    [
      [1, 20],
      [3, 40],
      [5, 60],
    ],
  );
  // One tensor in both places gathers both gradients.
  c.call("ij,ij->i of one tensor", (x) => einsum("ij,ij->i", x, x)).gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  c.torch(
    ({ equation }) =>
      (...operands) =>
        einsum(String(equation), ...operands),
  );
});
