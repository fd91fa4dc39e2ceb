import { ensureTensor } from "../../engine/apply.js";
import type { ReduceOptions } from "../../op/reduction.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { sum } from "./sum.js";

/**
 * How many elements over `axis` (one, several, or all axes when left out) are not 0; NaN counts.
 *
 * dtype: int32.
 *
 * @example
 * countNonzero(tensor([[0, 2], [3, 4]]), 0) // => [1, 2]
 *
 * @method
 */
export function countNonzero(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor<"int32"> {
  ensureTensor("countNonzero", x);
  return sum(astype(x, "bool"), resolveAxes("countNonzero", axis, x.shape), options);
}
