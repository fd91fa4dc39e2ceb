import type { Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { affine } from "./affine.js";
import { ensureCounts } from "./sizes.js";
import { startWeights, type WeightOptions } from "./weights.js";

/** How a {@link Linear} layer is made. */
export type LinearOptions = WeightOptions;

/**
 * Connects every input to every output.
 *
 * `y = x Wᵀ + b`
 *
 * Shapes: x [..., inFeatures] → [..., outFeatures]; `weight` [outFeatures, inFeatures], `bias`
 * [outFeatures]. Both start uniform in ±1/√inFeatures.
 * Throws: {@link ShapeError} when the last axis of x is not inFeatures.
 *
 * @example
 * new Linear(3, 2).forward(ones([5, 3])).shape // => [5, 2]
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Tensor;
  /** null when made with `bias: false`. */
  readonly bias: Tensor | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    ensureCounts("Linear", { inFeatures, outFeatures }, 0);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const { weight, bias } = startWeights("Linear", [outFeatures, inFeatures], options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    return affine("Linear", x, this.weight, this.bias);
  }
}
