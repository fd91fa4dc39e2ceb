import { type DType, sizeOf } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { AxisError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { reshape } from "./reshape.js";

/**
 * `x` with the axes from `startAxis` to `endAxis`, both included, merged into one.
 *
 * @example
 * flatten(zeros([2, 3, 4]), 1).shape // => [2, 12]
 *
 * @method
 */
export function flatten<D extends DType>(x: Tensor<D>, startAxis = 0, endAxis = -1): Tensor<D> {
  ensureTensor("flatten", x);
  const { shape } = x;
  if (shape.length === 0) return reshape(x, [1]);
  const start = resolveAxis("flatten", startAxis, shape);
  const end = resolveAxis("flatten", endAxis, shape);
  if (start > end) {
    throw new AxisError("flatten", "startAxis must not come after endAxis", {
      expected: `an endAxis from ${start} on`,
      got: `${end}`,
      fix: `Exchange them: startAxis ${end}, endAxis ${start}.`,
    });
  }
  const merged = sizeOf(shape.slice(start, end + 1));
  return reshape(x, [...shape.slice(0, start), merged, ...shape.slice(end + 1)]);
}
