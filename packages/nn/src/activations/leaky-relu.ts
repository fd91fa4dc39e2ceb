import { leakyRelu, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { ensureFinite } from "./ensure-finite.js";

/**
 * Passes positive elements and a small share of the negative ones, so that no unit dies.
 *
 * `y = max(x, 0) + negativeSlope · min(x, 0)`
 *
 * Shapes: any → same. The slope at 0 is `negativeSlope`, as in PyTorch.
 * Units and ranges: `negativeSlope` is finite, default 0.01.
 * Throws: {@link ValueError} for a slope that is not.
 * Source: Maas, Hannun & Ng 2013, Rectifier nonlinearities improve neural network acoustic models.
 *
 * @example
 * new LeakyReLU(0.5).forward(tensor([-4, 2])).arraySync() // => [-2, 2]
 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01) {
    super();
    ensureFinite("LeakyReLU", "negativeSlope", negativeSlope);
    this.negativeSlope = negativeSlope;
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}
