import { type DType, sizeOf } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { fromArray } from "../../engine/fill.js";
import { formatShape, ShapeError } from "../../errors.js";
import { sameShape } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { reshape } from "../view/reshape.js";
import { ensureMask, truePositions } from "./mask.js";
import { take } from "./take.js";

/**
 * The parts of `x` where `mask` is true, in row-major order: NumPy's `x[mask]`.
 *
 * The mask is read back, as it decides the shape; hence the promise.
 * Shapes: `mask` has the shape of `x` or of its first axes, which become one: [...m] of x [...m, ...rest]
 * → [count, ...rest]. Throws: ShapeError; DTypeError for a mask that is not bool.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * await maskedSelect(x, x.greater(1)) // => [2, 3, 4]
 * await maskedSelect(x, tensor([false, true])) // => [[3, 4]]
 *
 * @method
 */
export async function maskedSelect<D extends DType>(
  x: Tensor<D>,
  mask: Tensor,
): Promise<Tensor<D>> {
  ensureTensor("maskedSelect", x);
  ensureMask("maskedSelect", mask);
  const rest = x.shape.slice(mask.ndim);
  if (!sameShape(mask.shape, x.shape.slice(0, mask.ndim))) {
    throw new ShapeError("maskedSelect", "a mask must have the first axes of the tensor", {
      expected: `the first extents of ${formatShape(x.shape)}`,
      got: formatShape(mask.shape),
      fix: "Stretch a mask that broadcasts with broadcastTo.",
    });
  }
  const found = await truePositions(mask);
  const indices = fromArray(mask.storage.device, found, "int32", [found.length]);
  return take(reshape(x, [sizeOf(mask.shape), ...rest]), indices);
}
