import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { at } from "./at.js";

/**
 * The slices of `x` at each position of `axis`, without that axis: what {@link stack} joins. Views.
 *
 * @example
 * unstack(tensor([[1, 2], [3, 4]])) // => [[1, 2], [3, 4]]
 * unstack(tensor([[1, 2], [3, 4]]), -1)[0] // => [1, 3]
 *
 * @method
 */
export function unstack<D extends DType>(x: Tensor<D>, axis = 0): Tensor<D>[] {
  ensureTensor("unstack", x);
  const along = resolveAxis("unstack", axis, x.shape);
  const whole = x.shape.map((): number | string => ":");
  return Array.from({ length: x.shape[along] ?? 0 }, (_, i) => at(x, ...whole.with(along, i)));
}
