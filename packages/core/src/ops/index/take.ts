import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { broadcastTo } from "../view/broadcast-to.js";
import { reshape } from "../view/reshape.js";
import { gather } from "./gather.js";
import { ensureIndices } from "./indices.js";

/**
 * Picks whole slices of `x` along `axis`, one for every element of `indices`.
 *
 * Shapes: axis `axis` of `x` is replaced by the axes of `indices`. An index outside 0 … n - 1 gives
 * a slice of NaN (0 for ints and bool).
 *
 * @example
 * take(tensor([[1, 2], [3, 4]]), tensor([1, 1, 0], { dtype: "int32" })) // => [[3, 4], [3, 4], [1, 2]]
 *
 * @method
 */
export function take<D extends DType>(x: Tensor<D>, indices: Tensor, axis = 0): Tensor<D> {
  ensureTensor("take", x);
  ensureIndices("take", indices);
  const along = resolveAxis("take", axis, x.shape);
  const before = x.shape.slice(0, along);
  const after = x.shape.slice(along + 1);
  const line = reshape(indices, [indices.size, ...after.map(() => 1)]);
  const picked = gather(x, broadcastTo(line, [...before, indices.size, ...after]), along);
  return reshape(picked, [...before, ...indices.shape, ...after]);
}
