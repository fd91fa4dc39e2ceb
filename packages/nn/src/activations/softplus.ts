import { formatValue, mul, softplus, type Tensor, ValueError } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * A smooth ReLU.
 *
 * `y = ln(1 + e^(beta x)) / beta`
 *
 * Shapes: any → same. The slope is the sigmoid of beta x. PyTorch's threshold, above which it returns
 * x, is not needed: the formula is computed without overflow.
 * Units and ranges: `beta` > 0, default 1; the larger, the closer to ReLU.
 * Throws: {@link ValueError} for other beta.
 * Source: Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing.
 *
 * @example
 * new Softplus().forward(tensor([0, 100])).arraySync() // => [0.6931472, 100] within 1e-6
 */
export class Softplus extends Module {
  readonly beta: number;

  constructor(beta = 1) {
    super();
    if (!(beta > 0 && Number.isFinite(beta))) {
      throw new ValueError("Softplus", "beta must be positive", {
        expected: "a finite number > 0",
        got: formatValue(beta),
      });
    }
    this.beta = beta;
  }

  forward(x: Tensor): Tensor {
    if (this.beta === 1) return softplus(x);
    return softplus(mul(x, this.beta)).div(this.beta);
  }
}
