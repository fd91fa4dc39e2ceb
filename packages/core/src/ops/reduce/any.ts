import type { ReduceOptions } from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { sum } from "./sum.js";

/**
 * Whether any element over `axis` is true (not zero); false for nothing.
 *
 * @example
 * any(tensor([[true, false], [true, true]]), 1) // => [true, true]
 *
 * @method
 */
export function any(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor<"bool"> {
  const truth = astype(astype(x, "bool"), "int32");
  return astype(sum(truth, axis, options), "bool");
}
