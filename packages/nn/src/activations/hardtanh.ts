import { hardTanh, type Tensor, ValueError } from "@chainrule/core";
import { Module } from "../module.js";

/** The bounds of {@link Hardtanh}. */
export interface HardtanhOptions {
  /** Default -1. */
  readonly min?: number | undefined;
  /** Default 1. */
  readonly max?: number | undefined;
}

/**
 * Limits each element: a tanh made of three straight pieces.
 *
 * `y = min(max(x, lower), upper)`, with the options `min` and `max` as bounds
 *
 * Shapes: any → same. The slope is 1 between the bounds, 0 outside and, as in PyTorch, at them.
 * Throws: {@link ValueError} unless min < max.
 * Source: Collobert 2004, Large Scale Machine Learning.
 *
 * @example
 * new Hardtanh().forward(tensor([-3, 0.5, 2])).arraySync() // => [-1, 0.5, 1]
 */
export class Hardtanh extends Module {
  readonly min: number;
  readonly max: number;

  constructor(options: HardtanhOptions = {}) {
    super();
    const { min = -1, max = 1 } = options;
    if (!(min < max)) {
      throw new ValueError("Hardtanh", "the bounds must leave an interval", {
        expected: "min < max",
        got: `min ${min} and max ${max}`,
        fix: "Call new Hardtanh({ min, max }).",
      });
    }
    this.min = min;
    this.max = max;
  }

  forward(x: Tensor): Tensor {
    return hardTanh(x, this.min, this.max);
  }
}
