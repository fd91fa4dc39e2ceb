import type { DType } from "@chainrule/kernel";
import { resolveAxis } from "../../shape/axis.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { gather } from "./gather.js";
import { ensureIndicesAlong } from "./indices.js";
import { placeOf } from "./place.js";

/**
 * Picks along `axis` the element that each index names: {@link gather} with all other axes
 * broadcast, and with negative indices that count from the end.
 *
 * An index outside -n … n - 1 gives NaN (0 for ints and bool). Shapes: `indices` has as many axes as
 * `x`; all but `axis` broadcast. Throws: AxisError; ShapeError; DTypeError for indices that are not
 * int32 or uint8.
 *
 * @example
 * const x = tensor([[10, 20, 30], [60, 40, 50]]);
 * takeAlongAxis(x, argsort(x)) // => [[10, 20, 30], [40, 50, 60]]
 * takeAlongAxis(x, tensor([[-1]], { dtype: "int32" })) // => [[30], [50]]
 */
export function takeAlongAxis<D extends DType>(
  x: Tensor<D>,
  indices: Tensor,
  axis = -1,
): Tensor<D> {
  ensureIndicesAlong("takeAlongAxis", x, indices);
  const along = resolveAxis("takeAlongAxis", axis, x.shape);
  const extent = x.shape[along] ?? 0;
  const count = indices.shape[along] ?? 0;
  const others = [x, indices].map(({ shape }) => shape.with(along, 1));
  const wide = broadcastShapes("takeAlongAxis", others);
  const places = broadcastTo(placeOf(indices, extent), wide.with(along, count));
  return gather(broadcastTo(x, wide.with(along, extent)), places, along);
}
