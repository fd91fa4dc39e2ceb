import type { DType } from "@chainrule/kernel";
import { formatShape, ShapeError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { expandDims } from "../view/expand-dims.js";
import { concat } from "./concat.js";
import { firstOf } from "./first-of.js";

/**
 * Joins tensors of one shape along a new axis at position `axis` of the result.
 *
 * Throws: ShapeError when shapes differ; AxisError; ValueError unless there is a list of tensors, one
 * at least.
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]) // => [[1, 2], [3, 4]]
 */
export function stack<D extends DType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const first = firstOf("stack", tensors);
  const shape = formatShape(first.shape);
  for (const each of tensors) {
    if (formatShape(each.shape) === shape) continue;
    throw new ShapeError("stack", "shapes must be equal", {
      expected: shape,
      got: formatShape(each.shape),
      fix: "To join along an existing axis, use concat.",
    });
  }
  const at = resolveAxis("stack", axis, [...first.shape, 1]);
  const slabs = tensors.map((each) => expandDims(each, at));
  const result = concat(slabs, at);
  for (const slab of slabs) slab.dispose();
  return result;
}
