import type { AvgPoolOptions, PerAxis } from "@chainrule/core";
import { AvgPooling } from "./pooling.js";

/**
 * Replaces each window along a sequence by its mean.
 *
 * `y[n, c, l] = mean over k of x[n, c, l·stride + k - padding]`
 *
 * Shapes: x [N, C, L] → [N, C, L'] with `L' = ⌊(L + 2·padding - kernelSize) / stride⌋ + 1`, rounded up
 * with `ceilMode`.
 * Units and ranges: stride as kernelSize, padding 0. Zeros of the padding count as elements unless
 * `countIncludePad` is false.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for sizes that are none.
 *
 * @example
 * new AvgPool1d(2).forward(tensor([[[1, 3, 2, 0]]])).arraySync() // => [[[2, 1]]]
 */
export class AvgPool1d extends AvgPooling {
  constructor(kernelSize: PerAxis, options: AvgPoolOptions = {}) {
    super("AvgPool1d", 1, kernelSize, options);
  }
}
