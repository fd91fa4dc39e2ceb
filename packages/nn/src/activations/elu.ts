import { elu, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { ensureFinite } from "./ensure-finite.js";

/**
 * Passes positive elements and bends the negative ones smoothly towards -alpha.
 *
 * `y = x if x > 0, else alpha (e^x - 1)`
 *
 * Shapes: any → same. The slope is 1 right of 0 and y + alpha elsewhere, as in PyTorch.
 * Units and ranges: `alpha` is finite, default 1.
 * Throws: {@link ValueError} for an alpha that is not.
 * Source: Clevert, Unterthiner & Hochreiter 2016, https://arxiv.org/abs/1511.07289.
 *
 * @example
 * new ELU().forward(tensor([-1, 2])).arraySync() // => [-0.6321206, 2] within 1e-6
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    ensureFinite("ELU", "alpha", alpha);
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}
