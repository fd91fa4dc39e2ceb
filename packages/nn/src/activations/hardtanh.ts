import { hardTanh, type Tensor, ValueError } from "@chainrule/core";
import { Module } from "../module.js";

/** The bounds of {@link Hardtanh}. */
export interface HardtanhOptions {
  /** Default -1. */
  readonly minVal?: number | undefined;
  /** Default 1. */
  readonly maxVal?: number | undefined;
}

/**
 * Limits each element: a tanh made of three straight pieces.
 *
 * `y = min(max(x, minVal), maxVal)`
 *
 * Shapes: any → same. The slope is 1 between the bounds, 0 outside and, as in PyTorch, at them.
 * Throws: {@link ValueError} unless minVal < maxVal.
 * Source: Collobert 2004, Large Scale Machine Learning.
 *
 * @example
 * new Hardtanh().forward(tensor([-3, 0.5, 2])).arraySync() // => [-1, 0.5, 1]
 */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(options: HardtanhOptions = {}) {
    super();
    const { minVal = -1, maxVal = 1 } = options;
    if (!(minVal < maxVal)) {
      throw new ValueError("Hardtanh", "the bounds must leave an interval", {
        expected: "minVal < maxVal",
        got: `minVal ${minVal} and maxVal ${maxVal}`,
        fix: "Call new Hardtanh({ minVal, maxVal }).",
      });
    }
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  forward(x: Tensor): Tensor {
    return hardTanh(x, this.minVal, this.maxVal);
  }
}
