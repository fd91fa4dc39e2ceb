import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { reshape } from "./reshape.js";

/**
 * `x` with a new axis of extent 1 at position `axis` of the result. A view.
 *
 * @example
 * expandDims(zeros([3]), 0).shape // => [1, 3]
 *
 * @method
 */
export function expandDims<D extends DType>(x: Tensor<D>, axis: number): Tensor<D> {
  ensureTensor("expandDims", x);
  const at = resolveAxis("expandDims", axis, [...x.shape, 1]);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}
