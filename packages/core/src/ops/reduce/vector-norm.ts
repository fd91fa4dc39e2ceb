import type { DType } from "@chainrule/kernel";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import type { ReduceOptions } from "../../op/reduction.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { abs } from "../elementwise/abs.js";
import { astype } from "../elementwise/astype.js";
import { square } from "../elementwise/square.js";
import { countNonzero } from "./count-nonzero.js";
import { ensureFloatOperand } from "./float-operand.js";
import { sharedMax } from "./max.js";
import { sharedMin } from "./min.js";
import { powerOfSize } from "./power-of-size.js";
import { sum } from "./sum.js";

/** Options of {@link vectorNorm}. */
export interface VectorNormOptions extends ReduceOptions {
  /** Default 2, the Euclidean length. */
  readonly ord?: number | undefined;
}

/**
 * The length of vectors: `(Σ |x|^ord)^(1/ord)` over `axis`; several axes (all when left out) count as
 * one long vector.
 *
 * ord 1 is the sum of magnitudes, Infinity the largest, -Infinity the smallest, 0 the number of
 * elements that are not 0, which has no gradient. That of the others is 0 where an element or the norm
 * is 0, and equal extreme magnitudes share it, as in PyTorch.
 * Throws: DTypeError for ints and bool; ShapeError for a norm of nothing with an ord that is negative
 * or Infinity; ValueError for one that is no number.
 *
 * @example
 * vectorNorm(tensor([[3, 4], [0, 2]]), 1) // => [5, 2]
 * vectorNorm(tensor([3, -4]), 0, { ord: 1 }) // => 7
 *
 * @apart
 */
export function vectorNorm<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options: VectorNormOptions = {},
): Tensor<D> {
  const { ord = 2, keepdims = false } = options;
  ensureFloatOperand("vectorNorm", "the norm", x);
  const axes = resolveAxes("vectorNorm", axis, x.shape);
  if (typeof ord !== "number" || Number.isNaN(ord)) {
    throw new ValueError("vectorNorm", "ord must be a number", {
      expected: "a number, Infinity or -Infinity",
      got: formatValue(ord),
      fix: 'Norms with a name, such as "fro", are those of matrixNorm.',
    });
  }
  if ((ord < 0 || ord === Infinity) && axes.some((each) => x.shape[each] === 0)) {
    throw new ShapeError("vectorNorm", `a norm of order ${ord} needs an element`, {
      expected: "axes of extent 1 at least",
      got: `axes [${axes}] of shape ${formatShape(x.shape)}`,
    });
  }
  return norm(x, axes, keepdims, ord) as Tensor<D>;
}

function norm(x: Tensor, axes: readonly number[], keepdims: boolean, ord: number): Tensor {
  switch (ord) {
    case 0:
      return astype(countNonzero(x, axes, { keepdims }), x.dtype);
    case 1:
      return sum(abs(x), axes, { keepdims });
    case 2:
      return powerOfSize(sum(square(x), axes, { keepdims }), 0.5);
    case Infinity:
      return sharedMax(abs(x), axes, keepdims);
    case -Infinity:
      return sharedMin(abs(x), axes, keepdims);
    default:
      return powerOfSize(sum(powerOfSize(abs(x), ord), axes, { keepdims }), 1 / ord);
  }
}
