import type { AvgPoolOptions, PerAxis } from "@chainrule/core";
import { AvgPooling } from "./pooling.js";

/**
 * Replaces each window of an image by its mean.
 *
 * `y[n, c, h, w] = mean over i, j of x[n, c, h·stride + i - padding, …]`
 *
 * Shapes: x [N, C, H, W] → [N, C, H', W'] with `H' = ⌊(H + 2·padding - kernelSize) / stride⌋ + 1`,
 * rounded up with `ceilMode`.
 * Units and ranges: stride as kernelSize, padding 0; a pair of numbers is for height and width. Zeros
 * of the padding count as elements unless `countIncludePad` is false.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for sizes that are none.
 *
 * @example
 * new AvgPool2d(2).forward(zeros([5, 8, 28, 28])).shape // => [5, 8, 14, 14]
 */
export class AvgPool2d extends AvgPooling {
  constructor(kernelSize: PerAxis, options: AvgPoolOptions = {}) {
    super("AvgPool2d", 2, kernelSize, options);
  }
}
