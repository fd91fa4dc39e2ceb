import { ensureTensor } from "../../engine/apply.js";
import { broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { broadcastTo } from "./broadcast-to.js";

/**
 * All `tensors` with the shape that they broadcast to. Views; each keeps its dtype.
 *
 * Throws: ShapeError when the shapes do not broadcast.
 *
 * @example
 * broadcastArrays(tensor([1, 2]), tensor([[3], [4]])) // => [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]
 */
export function broadcastArrays<T extends readonly Tensor[]>(...tensors: T): T {
  for (const each of tensors) ensureTensor("broadcastArrays", each);
  const shape = broadcastShapes(
    "broadcastArrays",
    tensors.map((each) => each.shape),
  );
  return tensors.map((each) => broadcastTo(each, shape)) as readonly Tensor[] as T;
}
