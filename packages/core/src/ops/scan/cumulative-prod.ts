import type { DType } from "@chainrule/kernel";
import { defineScan, type ScanOp } from "../../op/scan.js";
import type { Tensor } from "../../tensor/tensor.js";
import { concat } from "../join/concat.js";
import { type TotalOf, totalDType } from "../reduce/sum.js";
import { sliceAxis } from "../view/slice.js";
import { type CumulativeOptions, withInitial } from "./initial.js";

const products: ScanOp = defineScan({
  name: "cumulativeProd",
  reduce: "prod",
  dtype: totalDType,
  saves: "both",
  // Without dividing by elements, which may be 0: what an element is multiplied with is the product
  // of those before it and, in each product from its own place on, those after it.
  vjp: (grad, { x, output, attrs: { axis } }) =>
    grad.shape[axis] === 0
      ? grad
      : sumsOfProductsAfter(grad, x, axis).mul(productsBefore(output, axis)),
});

/**
 * The products of the elements up to each place along `axis`: `out[i] = x[0] · … · x[i]`.
 *
 * The gradient is right also where elements are 0.
 * Shapes: any with an axis → same. `axis` may be left out where there is one. dtype: floats keep
 * theirs, bool and ints give int32. Throws: AxisError.
 *
 * @example
 * cumulativeProd(tensor([1, 2, 3, 4])) // => [1, 2, 6, 24]
 */
export function cumulativeProd<D extends DType>(
  x: Tensor<D>,
  axis?: number,
  options?: CumulativeOptions,
): Tensor<TotalOf<D>> {
  return withInitial("cumulativeProd", products(x, axis), axis, 1, options) as Tensor<TotalOf<D>>;
}

/** The product of the elements before each place, from the products up to each place. */
function productsBefore(products: Tensor, axis: number): Tensor {
  const others = sliceAxis(products, axis, 0, (products.shape[axis] ?? 1) - 1);
  return withInitial("cumulativeProd", others, axis, 1, { includeInitial: true });
}

/**
 * For each place k the sum of gradᵢ · x[k + 1] · … · x[i] over all i from k on: with s[k] = grad[k] +
 * x[k + 1] · s[k + 1], a recurrence that is solved for twice as many terms in each round.
 */
function sumsOfProductsAfter(grad: Tensor, x: Tensor, axis: number): Tensor {
  const n = grad.shape[axis] ?? 0;
  // sums: the first `width` terms of each sum. factors: the products of the `width` elements after
  // each place that has so many.
  let sums = grad;
  let factors = sliceAxis(x, axis, 1, n - 1);
  for (let width = 1; width < n; width *= 2) {
    const rest = n - width;
    const next = factors.mul(sliceAxis(sums, axis, width, rest));
    const grown = sliceAxis(sums, axis, 0, rest).add(next);
    sums = concat([grown, sliceAxis(sums, axis, rest, width)], axis);
    if (width >= rest) break;
    const after = sliceAxis(factors, axis, width, rest - width);
    factors = sliceAxis(factors, axis, 0, rest - width).mul(after);
  }
  return sums;
}
