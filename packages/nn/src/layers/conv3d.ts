import type { PerAxis } from "@chainrule/core";
import { type ConvLayerOptions, Convolution } from "./convolution.js";

/**
 * Slides learned windows through volumes, or through the frames of a film: a convolution without a flip,
 * as PyTorch's.
 *
 * `y[n, o, d, h, w] = b[o] + Σ over c, i, j, k of weight[o, c, i, j, k] · x[n, c, d·stride + i·dilation - padding, …]`
 *
 * Shapes: x [N, inChannels, D, H, W] → [N, outChannels, D', H', W'] with
 * `D' = ⌊(D + 2·padding - dilation·(K - 1) - 1) / stride⌋ + 1`; `weight`
 * [outChannels, inChannels / groups, K, K, K], `bias` [outChannels]. Both start uniform in ±1/√fanIn
 * with fanIn = inChannels / groups · K³.
 * Units and ranges: stride 1, padding 0, dilation 1, groups 1; three numbers are for depth, height and
 * width. With groups, each group of outputs sees its group of inputs only.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for counts that are none, and
 * groups that do not divide both channels.
 * Source: Ji et al. 2013, https://doi.org/10.1109/TPAMI.2012.59.
 *
 * @example
 * new Conv3d(1, 2, [1, 3, 3]).forward(zeros([1, 1, 4, 6, 6])).shape // => [1, 2, 4, 4, 4]
 */
export class Conv3d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvLayerOptions = {},
  ) {
    super("Conv3d", 3, inChannels, outChannels, kernelSize, options);
  }
}
