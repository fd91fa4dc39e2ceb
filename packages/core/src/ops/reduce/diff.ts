import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { notEqual } from "../elementwise/not-equal.js";
import { sub } from "../elementwise/sub.js";
import { sliceAxis } from "../view/slice.js";

/** Options of {@link diff}. */
export interface DiffOptions {
  /** Default: the last axis. */
  readonly axis?: number | undefined;
  /** How many times differences are taken; default 1. */
  readonly n?: number | undefined;
}

/**
 * The differences of neighbours along `axis`: `out[i] = x[i + 1] - x[i]`, taken `n` times.
 *
 * Shapes: the axis gets shorter by `n`, down to nothing. Ints wrap; of bool, whether neighbours differ.
 * Throws: AxisError; ValueError unless `n` is a whole number from 0 on.
 *
 * @example
 * diff(tensor([1, 4, 9, 16])) // => [3, 5, 7]
 * diff(tensor([1, 4, 9, 16]), { n: 2 }) // => [2, 2]
 */
export function diff<D extends DType>(x: Tensor<D>, options: DiffOptions = {}): Tensor<D> {
  const { axis = -1, n = 1 } = options;
  ensureTensor("diff", x);
  const along = resolveAxis("diff", axis, x.shape);
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError("diff", "n must be how often differences are taken", {
      expected: "a whole number from 0 on",
      got: formatValue(n),
    });
  }
  const differ: (a: Tensor, b: Tensor) => Tensor = x.dtype === "bool" ? notEqual : sub;
  let result: Tensor = x;
  for (let rest = n; rest > 0 && result.shape[along] !== 0; rest--) {
    const count = (result.shape[along] ?? 0) - 1;
    result = differ(sliceAxis(result, along, 1, count), sliceAxis(result, along, 0, count));
  }
  return result as Tensor<D>;
}
