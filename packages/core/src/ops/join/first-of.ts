import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * The first of several tensors that are to be joined. Throws: ValueError unless they come in a list,
 * one at least.
 *
 * @internal
 */
export function firstOf<D extends DType>(op: string, tensors: readonly Tensor<D>[]): Tensor<D> {
  const [first] = Array.isArray(tensors) ? tensors : [];
  if (first === undefined) {
    throw new ValueError(op, "there must be something to join", {
      expected: "an array of tensors, one at least",
      got: Array.isArray(tensors) ? "an empty one" : formatValue(tensors),
      fix: `Call ${op}([x, y], axis).`,
    });
  }
  for (const each of tensors) ensureTensor(op, each);
  return first;
}
