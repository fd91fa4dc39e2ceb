import type { DType } from "@chainrule/kernel";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { powerOfSize } from "./power-of-size.js";
import { type VarianceOptions, varianceOf } from "./variance.js";

/**
 * The standard deviation over `axis` (one, several, or all axes when left out): the square root of
 * the {@link variance}; its gradient is 0 where all elements are equal, as in PyTorch.
 *
 * Throws: DTypeError for ints and bool; ValueError for a correction that is not a finite number.
 *
 * @example
 * std(tensor([[1, 2], [3, 6]]), 1) // => [0.5, 1.5]
 *
 * @method
 */
export function std<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: VarianceOptions,
): Tensor<D> {
  return powerOfSize(varianceOf("std", x, axis, options), 0.5) as Tensor<D>;
}
