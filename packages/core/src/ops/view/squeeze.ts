import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import { type Axis, resolveAxes } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { reshape } from "./reshape.js";

/**
 * `x` without the named axes, by default without all axes of extent 1. A view.
 *
 * Throws: ShapeError when a named axis has another extent than 1.
 *
 * @example
 * squeeze(zeros([1, 3, 1])).shape // => [3]
 *
 * @method
 */
export function squeeze<D extends DType>(x: Tensor<D>, axis?: Axis): Tensor<D> {
  ensureTensor("squeeze", x);
  if (axis === undefined) {
    return reshape(
      x,
      x.shape.filter((n) => n !== 1),
    );
  }
  const dropped = resolveAxes("squeeze", axis, x.shape);
  for (const each of dropped) {
    if (x.shape[each] === 1) continue;
    throw new ShapeError("squeeze", "only axes of extent 1 can be dropped", {
      expected: `extent 1 at axis ${each}`,
      got: `shape ${formatShape(x.shape)}`,
    });
  }
  return reshape(
    x,
    x.shape.filter((_, each) => !dropped.includes(each)),
  );
}
