import type { DType } from "@chainrule/kernel";
import { positions } from "../../engine/fill.js";
import { formatValue, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { equal } from "../elementwise/equal.js";
import { expandDims } from "../view/expand-dims.js";
import { ensureIndices } from "./indices.js";

/** As float32 these are 2 GiB. */
const maxElements = 2 ** 29;

/**
 * A new last axis of `classes` elements: 1 at the index, 0 elsewhere; all 0 for an index outside.
 *
 * dtype: float32 unless `dtype` says otherwise. Throws: ValueError unless `classes` is a whole
 * number from 1 on, and the result of at most 2²⁹ elements.
 *
 * @example
 * oneHot(tensor([2, 0], { dtype: "int32" }), 3) // => [[0, 0, 1], [1, 0, 0]]
 *
 * @method
 */
export function oneHot<E extends DType = "float32">(
  indices: Tensor,
  classes: number,
  dtype?: E,
): Tensor<E> {
  ensureIndices("oneHot", indices);
  const maxClasses = Math.floor(maxElements / Math.max(1, indices.size));
  if (!Number.isInteger(classes) || classes < 1 || classes > maxClasses) {
    throw new ValueError("oneHot", "the number of classes must be positive", {
      expected: `a whole number from 1 to ${maxClasses}`,
      got: formatValue(classes),
    });
  }
  const hits = equal(expandDims(indices, -1), positions(indices.storage.device, classes));
  return astype(hits, dtype ?? "float32") as Tensor<DType> as Tensor<E>;
}
