import type { MaxPoolOptions, PerAxis } from "@chainrule/core";
import { MaxPooling } from "./pooling.js";

/**
 * Keeps the largest element of each window along a sequence.
 *
 * `y[n, c, l] = max over k of x[n, c, l·stride + k·dilation - padding]`
 *
 * Shapes: x [N, C, L] → [N, C, L'] with
 * `L' = ⌊(L + 2·padding - dilation·(kernelSize - 1) - 1) / stride⌋ + 1`, rounded up with `ceilMode`.
 * Units and ranges: stride as kernelSize, padding 0 (it never wins), dilation 1. The gradient goes to
 * the first largest element.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for sizes that are none.
 *
 * @example
 * new MaxPool1d(2).forward(tensor([[[1, 3, 2, 0]]])).arraySync() // => [[[3, 2]]]
 */
export class MaxPool1d extends MaxPooling {
  constructor(kernelSize: PerAxis, options: MaxPoolOptions = {}) {
    super("MaxPool1d", 1, kernelSize, options);
  }
}
