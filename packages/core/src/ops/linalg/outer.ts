import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { formatShape, ShapeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { contract, contraction } from "./contract.js";
import { productOperands } from "./product-operands.js";

/**
 * The outer product of two vectors: `C[i, j] = a[i] b[j]`.
 *
 * Shapes: [m], [n] → [m, n]. dtype: promoted; ints wrap.
 * Throws: ShapeError unless both have one axis; DTypeError for bool.
 *
 * @example
 * outer(tensor([1, 2]), tensor([1, 10, 100])) // => [[1, 10, 100], [2, 20, 200]]
 *
 * @apart
 */
export function outer<A extends DType, B extends DType>(
  a: Tensor<A>,
  b: Tensor<B>,
): Tensor<Promote<A, B>> {
  const [x, y] = productOperands("outer", [a, b]) as [Tensor, Tensor];
  if (x.ndim !== 1 || y.ndim !== 1) {
    throw new ShapeError("outer", "operands must be vectors", {
      expected: "1 axis on both sides",
      got: `a ${formatShape(x.shape)} and b ${formatShape(y.shape)}`,
      fix: "Flatten them, or use tensordot(a, b, 0) to keep all axes.",
    });
  }
  return contract(x, y, contraction([0], [1], [0, 1])) as Tensor<Promote<A, B>>;
}
