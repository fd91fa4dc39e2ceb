// The empty sum or product in front of the cumulative ones.

import { scanAxis } from "../../op/scan.js";
import type { Tensor } from "../../tensor/tensor.js";
import { pad } from "../join/pad.js";

/** Options of {@link cumulativeSum} and {@link cumulativeProd}. */
export interface CumulativeOptions {
  /** Whether the sum or product of nothing comes first, so that the axis gets longer by one; default false. */
  readonly includeInitial?: boolean | undefined;
}

/**
 * `x` with `initial` in front of its elements along `axis`, if asked for.
 *
 * @internal
 */
export function withInitial(
  op: string,
  x: Tensor,
  axis: number | undefined,
  initial: number,
  options: CumulativeOptions = {},
): Tensor {
  if (options.includeInitial !== true) return x;
  const along = scanAxis(op, axis, x.shape);
  return pad(
    x,
    x.shape.map((_, d): [number, number] => [d === along ? 1 : 0, 0]),
    initial,
  );
}
