import type { DType } from "@chainrule/kernel";
import { positions } from "../../engine/fill.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { copy } from "../elementwise/copy.js";
import { equal } from "../elementwise/equal.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { expandDims } from "../view/expand-dims.js";
import { matmul } from "./matmul.js";
import { productOperands } from "./product-operands.js";

/**
 * The `n`-th power of square matrices, by repeated squaring; the identity for `n` 0.
 *
 * Shapes: [..., m, m] → same. `n`: a whole number from 0 on. dtype: that of `x`; ints wrap.
 * Throws: ShapeError unless the last two extents are equal; ValueError for a negative power, which
 * would need an inverse; DTypeError for bool.
 *
 * @example
 * matrixPower(tensor([[1, 1], [1, 0]]), 10) // => [[89, 55], [55, 34]]
 *
 * @apart
 */
export function matrixPower<D extends DType>(x: Tensor<D>, n: number): Tensor<D> {
  productOperands("matrixPower", [x]);
  const { shape } = x;
  if (x.ndim < 2 || shape.at(-1) !== shape.at(-2)) {
    throw new ShapeError("matrixPower", "only square matrices have powers", {
      expected: "two last axes of one extent",
      got: `shape ${formatShape(shape)}`,
    });
  }
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError("matrixPower", "the power must be a whole number, not negative", {
      expected: "0, 1, 2, …",
      got: formatValue(n),
      ...(n < 0 && {
        fix: "Negative powers are powers of the inverse, which has no operation yet.",
      }),
    });
  }
  if (n === 0) return identities(x);
  if (n === 1) return copy(x);
  let power: Tensor | undefined;
  let square: Tensor = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest < n) square = matmul(square, square);
    if (rest % 2 === 1) power = power === undefined ? square : matmul(power, square);
  }
  return power as Tensor<D>;
}

/** A matrix of ones on the diagonal for each matrix of `x`. */
function identities<D extends DType>(x: Tensor<D>): Tensor<D> {
  const place = positions(x.storage.device, x.shape.at(-1) ?? 0);
  return broadcastTo(astype(equal(expandDims(place, 1), place), x.dtype), x.shape);
}
