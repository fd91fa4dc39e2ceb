import type { ReduceOptions } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { prod } from "./prod.js";

/**
 * Whether every element over `axis` is true (not zero); true for nothing.
 *
 * @example
 * all(tensor([[true, false], [true, true]]), 1) // => [false, true]
 *
 * @method
 */
export function all(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor<"bool"> {
  const truth = astype(astype(x, "bool"), "int32");
  return astype(prod(truth, axis, options), "bool");
}
