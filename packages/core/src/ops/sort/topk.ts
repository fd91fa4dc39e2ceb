import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, ValueError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { gather } from "../index/gather.js";
import { split } from "../view/split.js";
import { orderOf } from "./argsort.js";

/** Along which axis {@link topk} looks, and for what. */
export interface TopkOptions {
  /** Default -1. */
  readonly axis?: number | undefined;
  /** Whether the largest elements are looked for, or the smallest. Default true. */
  readonly largest?: boolean | undefined;
}

/** What {@link topk} finds. */
export interface Topk<D extends DType = DType> {
  readonly values: Tensor<D>;
  /** Where the values were along the axis. */
  readonly indices: Tensor<"int32">;
}

/**
 * The `k` largest (or smallest) elements along an axis and their positions, the best first.
 *
 * Of equal elements the first comes first; NaN is greater than everything. The gradient goes back to
 * where each element came from. Shapes: the axis gets extent `k`. Throws: AxisError; ValueError
 * unless `k` is a whole number from 0 to the extent of the axis.
 *
 * @example
 * topk(tensor([5, 9, 7]), 2) // => { values: [9, 7], indices: [1, 2] }
 *
 * @method
 */
export function topk<D extends DType>(x: Tensor<D>, k: number, options: TopkOptions = {}): Topk<D> {
  ensureTensor("topk", x);
  const { largest = true } = options;
  const axis = resolveAxis("topk", options.axis ?? -1, x.shape);
  const extent = x.shape[axis] ?? 0;
  if (!Number.isInteger(k) || k < 0 || k > extent) {
    throw new ValueError("topk", "k must count elements of the axis", {
      expected: `a whole number from 0 to ${extent}`,
      got: `${formatValue(k)} at axis ${axis} of shape ${formatShape(x.shape)}`,
    });
  }
  const order = orderOf("topk", x, { axis, descending: largest });
  const [best = order] = split(order, [k, extent - k], axis);
  // The gradient keeps the positions, whatever becomes of those that are handed out.
  return { values: gather(x, best, axis), indices: best.detach() };
}
