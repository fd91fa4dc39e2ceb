import type { DType } from "@chainrule/kernel";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import type { ReduceOptions } from "../../op/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";
import { abs } from "../elementwise/abs.js";
import { reshape } from "../view/reshape.js";
import { ensureFloatOperand } from "./float-operand.js";
import { sharedMax } from "./max.js";
import { sharedMin } from "./min.js";
import { sum } from "./sum.js";
import { vectorNorm } from "./vector-norm.js";

/** Options of {@link matrixNorm}. */
export interface MatrixNormOptions extends ReduceOptions {
  /** "fro" (the default), 1, -1, Infinity or -Infinity. */
  readonly ord?: "fro" | number | undefined;
}

/**
 * The norm of matrices, which are the last two axes: by default Frobenius', `√Σ x²`.
 *
 * ord 1 is the largest sum of magnitudes of a column, -1 the smallest, Infinity and -Infinity those of
 * a row; equal sums share the gradient.
 * Shapes: [..., m, n] → [...], or [..., 1, 1] with `keepdims`. Throws: DTypeError for ints and bool;
 * ShapeError for fewer axes, or where there is no sum to choose from; ValueError for another ord.
 *
 * @example
 * matrixNorm(tensor([[1, -2], [3, 4]]), { ord: 1 }) // => 6
 *
 * @apart
 */
export function matrixNorm<D extends DType>(
  x: Tensor<D>,
  options: MatrixNormOptions = {},
): Tensor<D> {
  const { ord = "fro", keepdims = false } = options;
  ensureFloatOperand("matrixNorm", "the norm", x);
  if (x.ndim < 2) {
    throw new ShapeError("matrixNorm", "a matrix has two axes", {
      expected: "two axes at least",
      got: formatShape(x.shape),
      fix: "For the length of a vector use vectorNorm.",
    });
  }
  const [rows, columns] = [x.ndim - 2, x.ndim - 1];
  if (ord === "fro") return vectorNorm(x, [rows, columns], { keepdims });
  if (ord !== 1 && ord !== -1 && ord !== Infinity && ord !== -Infinity) {
    throw new ValueError("matrixNorm", "ord must be a norm that needs no singular values", {
      expected: '"fro", 1, -1, Infinity or -Infinity',
      got: formatValue(ord),
    });
  }
  const [summed, compared] = Math.abs(ord) === 1 ? [rows, columns] : [columns, rows];
  if (x.shape[compared] === 0) {
    throw new ShapeError("matrixNorm", "an extreme sum needs one to choose", {
      expected: `an extent of 1 at least along axis ${compared}`,
      got: formatShape(x.shape),
    });
  }
  const sums = sum(abs(x), summed, { keepdims: true });
  const extreme = (ord > 0 ? sharedMax : sharedMin)(sums, [compared], true) as Tensor<D>;
  return keepdims ? extreme : reshape(extreme, x.shape.slice(0, -2));
}
