import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { permuteDims } from "./permute-dims.js";

/**
 * `x` with two axes exchanged, by default the last two. A view.
 *
 * @example
 * transpose(tensor([[1, 2], [3, 4]])) // => [[1, 3], [2, 4]]
 *
 * @method
 */
export function transpose<D extends DType>(x: Tensor<D>, axisA = -2, axisB = -1): Tensor<D> {
  ensureTensor("transpose", x);
  const a = resolveAxis("transpose", axisA, x.shape);
  const b = resolveAxis("transpose", axisB, x.shape);
  return permuteDims(
    x,
    x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}
