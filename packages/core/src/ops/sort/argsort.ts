import { ensureTensor } from "../../engine/apply.js";
import { filled, positionsAlong } from "../../engine/fill.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { scatterAdd } from "../index/scatter-add.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { reshape } from "../view/reshape.js";
import { rank } from "./rank.js";

/** Along which axis and in which direction to sort. */
export interface SortOptions {
  /** Default -1. */
  readonly axis?: number | undefined;
  /** Whether the largest element comes first. Default false. */
  readonly descending?: boolean | undefined;
}

/**
 * The positions of the elements of `x` along an axis in the order that sorts them.
 *
 * Equal elements keep their order, in both directions. NaN is greater than everything, -0 equals 0.
 * Shapes: any → same; [] → []. dtype: int32.
 *
 * @example
 * argsort(tensor([30, 10, 20])) // => [1, 2, 0]
 * argsort(tensor([1, 2, 1]), { descending: true }) // => [1, 0, 2]
 *
 * @method
 */
export function argsort(x: Tensor, options: SortOptions = {}): Tensor<"int32"> {
  return orderOf("argsort", x, options);
}

/**
 * {@link argsort} for the operation `op`, which its errors name.
 *
 * @internal
 */
export function orderOf(op: string, x: Tensor, options: SortOptions): Tensor<"int32"> {
  ensureTensor(op, x);
  if (x.ndim === 0) return reshape(orderOf(op, reshape(x, [1]), options), []);
  const axis = resolveAxis(op, options.axis ?? -1, x.shape);
  const ranks = rank(x, axis, options.descending ?? false);
  // The inverse of a permutation: each position goes to the place that its rank names.
  const { device } = x.storage;
  const places = broadcastTo(positionsAlong(device, x.shape, axis), x.shape);
  const empty = filled(device, 0, "int32", x.shape) as Tensor<"int32">;
  return scatterAdd(empty, ranks, places, axis);
}
