import type { Tensor } from "@chainrule/core";
import { affine } from "../layers/affine.js";
import { ensureCounts } from "../layers/sizes.js";
import { startWeights, type WeightOptions } from "../layers/weights.js";
import { Module } from "../module.js";

/**
 * The largest of several affine maps, unit by unit: an activation that learns its own convex shape.
 *
 * `y = max_k (x W_kᵀ + b_k)`, k = 1 … pieces
 *
 * Shapes: x [..., inFeatures] → [..., outFeatures]; `weight` [pieces · outFeatures, inFeatures] and
 * `bias` [pieces · outFeatures], piece by piece: the first outFeatures rows are W_1 and b_1. Both start
 * as in {@link Linear}. The gradient goes to the winning piece, the first one of equals.
 * Throws: {@link ShapeError} when the last axis of x is not inFeatures; {@link ValueError} for counts
 * that are none.
 * Source: Goodfellow et al. 2013, https://arxiv.org/abs/1302.4389.
 *
 * @example
 * const absolute = new Maxout(1, 1, 2, { bias: false, weightInit: tensor([[1], [-1]]) });
 * absolute.forward(tensor([[-3], [2]])).arraySync() // => [[3], [2]]
 */
export class Maxout extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly pieces: number;
  readonly weight: Tensor;
  /** null when made with `bias: false`. */
  readonly bias: Tensor | null;

  constructor(
    inFeatures: number,
    outFeatures: number,
    pieces: number,
    options: WeightOptions = {},
  ) {
    super();
    ensureCounts("Maxout", { inFeatures, outFeatures, pieces }, 1);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.pieces = pieces;
    const { weight, bias } = startWeights("Maxout", [pieces * outFeatures, inFeatures], options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    const all = affine("Maxout", x, this.weight, this.bias);
    return all.reshape([...x.shape.slice(0, -1), this.pieces, this.outFeatures]).max(-2);
  }
}
