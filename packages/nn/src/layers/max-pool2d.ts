import type { MaxPoolOptions, PerAxis } from "@chainrule/core";
import { MaxPooling } from "./pooling.js";

/**
 * Keeps the largest element of each window of an image.
 *
 * `y[n, c, h, w] = max over i, j of x[n, c, h·stride + i·dilation - padding, …]`
 *
 * Shapes: x [N, C, H, W] → [N, C, H', W'] with
 * `H' = ⌊(H + 2·padding - dilation·(kernelSize - 1) - 1) / stride⌋ + 1`, rounded up with `ceilMode`.
 * Units and ranges: stride as kernelSize, padding 0 (it never wins), dilation 1; a pair of numbers is
 * for height and width. The gradient goes to the first largest element.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for sizes that are none.
 *
 * @example
 * new MaxPool2d(2).forward(zeros([5, 8, 28, 28])).shape // => [5, 8, 14, 14]
 */
export class MaxPool2d extends MaxPooling {
  constructor(kernelSize: PerAxis, options: MaxPoolOptions = {}) {
    super("MaxPool2d", 2, kernelSize, options);
  }
}
