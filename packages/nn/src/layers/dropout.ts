import type { Generator, Tensor } from "@chainrule/core";
import { dropout, ensureProbability } from "../functional/dropout.js";
import { Module } from "../module.js";

/**
 * Drops elements at random in training, and passes its input through in evaluation mode.
 *
 * `y = x · m / (1 - p)`, m drawn from {0, 1} with P(m = 0) = p
 *
 * Shapes: any → same.
 * Units and ranges: 0 ≤ p ≤ 1, default 0.5.
 * Throws: {@link ValueError} for other p.
 *
 * @example
 * new Dropout(0.9).eval().forward(ones([2])).arraySync() // => [1, 1]
 */
export class Dropout extends Module {
  readonly p: number;
  /** The source of the masks; null for the default generator. */
  readonly generator: Generator | null;

  constructor(p = 0.5, options: { readonly generator?: Generator | undefined } = {}) {
    super();
    ensureProbability("Dropout", p);
    this.p = p;
    this.generator = options.generator ?? null;
  }

  forward(x: Tensor): Tensor {
    return dropout(x, this.p, {
      training: this.training,
      generator: this.generator ?? undefined,
    });
  }
}
