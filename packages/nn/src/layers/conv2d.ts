import type { PerAxis } from "@chainrule/core";
import { type ConvLayerOptions, Convolution } from "./convolution.js";

/**
 * Slides learned windows over images: a convolution without a flip, as PyTorch's.
 *
 * `y[n, o, h, w] = b[o] + Σ over c, i, j of weight[o, c, i, j] · x[n, c, h·stride + i·dilation - padding, …]`
 *
 * Shapes: x [N, inChannels, H, W] → [N, outChannels, H', W'] with
 * `H' = ⌊(H + 2·padding - dilation·(K - 1) - 1) / stride⌋ + 1`; `weight`
 * [outChannels, inChannels / groups, K, K], `bias` [outChannels]. Both start uniform in ±1/√fanIn with
 * fanIn = inChannels / groups · K².
 * Units and ranges: stride 1, padding 0, dilation 1, groups 1; a pair of numbers is for height and
 * width. With groups, each group of outputs sees its group of inputs only.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for counts that are none, and
 * groups that do not divide both channels.
 * Source: LeCun et al. 1989, https://doi.org/10.1162/neco.1989.1.4.541.
 *
 * @example
 * new Conv2d(1, 8, 3, { stride: 2, padding: 1 }).forward(zeros([5, 1, 28, 28])).shape // => [5, 8, 14, 14]
 */
export class Conv2d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvLayerOptions = {},
  ) {
    super("Conv2d", 2, inChannels, outChannels, kernelSize, options);
  }
}
