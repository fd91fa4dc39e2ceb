import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { sliceAxes } from "./slice.js";

/**
 * `x` with the order of its elements reversed along `axis`, by default along all axes. A view.
 *
 * @example
 * flip(tensor([1, 2, 3])) // => [3, 2, 1]
 *
 * @method
 */
export function flip<D extends DType>(x: Tensor<D>, axis?: Axis): Tensor<D> {
  ensureTensor("flip", x);
  const reversed = resolveAxes("flip", axis, x.shape);
  return sliceAxes(
    x,
    x.shape.map((count, each) =>
      reversed.includes(each)
        ? { start: Math.max(0, count - 1), step: -1, count }
        : { start: 0, step: 1, count },
    ),
  );
}
