import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import type { Tensor } from "../../tensor/tensor.js";
import { gather } from "../index/gather.js";
import { reshape } from "../view/reshape.js";
import { orderOf, type SortOptions } from "./argsort.js";

/**
 * The elements of `x` in ascending or descending order along an axis, in the order of
 * {@link argsort}.
 *
 * The gradient goes back to where each element came from. Shapes: any → same.
 *
 * @example
 * sort(tensor([30, 10, 20])) // => [10, 20, 30]
 * sort(tensor([[1, 4], [3, 2]]), { axis: 0, descending: true }) // => [[3, 4], [1, 2]]
 *
 * @method
 */
export function sort<D extends DType>(x: Tensor<D>, options: SortOptions = {}): Tensor<D> {
  ensureTensor("sort", x);
  if (x.ndim === 0) return reshape(sort(reshape(x, [1]), options), []);
  return gather(x, orderOf("sort", x, options), options.axis ?? -1);
}
