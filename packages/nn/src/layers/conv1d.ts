import type { PerAxis } from "@chainrule/core";
import { type ConvLayerOptions, Convolution } from "./convolution.js";

/**
 * Slides learned windows along a sequence: a convolution without a flip, as PyTorch's.
 *
 * `y[n, o, l] = b[o] + Σ over c, k of weight[o, c, k] · x[n, c, l·stride + k·dilation - padding]`
 *
 * Shapes: x [N, inChannels, L] → [N, outChannels, L'] with
 * `L' = ⌊(L + 2·padding - dilation·(K - 1) - 1) / stride⌋ + 1`; `weight`
 * [outChannels, inChannels / groups, K], `bias` [outChannels]. Both start uniform in ±1/√fanIn with
 * fanIn = inChannels / groups · K.
 * Units and ranges: stride 1, padding 0, dilation 1, groups 1. With groups, each group of outputs sees
 * its group of inputs only.
 * Throws: {@link ShapeError} when x does not fit; {@link ValueError} for counts that are none, and
 * groups that do not divide both channels.
 * Source: Waibel et al. 1989, https://doi.org/10.1109/29.21701.
 *
 * @example
 * new Conv1d(2, 4, 3, { padding: "same" }).forward(zeros([1, 2, 10])).shape // => [1, 4, 10]
 */
export class Conv1d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvLayerOptions = {},
  ) {
    super("Conv1d", 1, inChannels, outChannels, kernelSize, options);
  }
}
