import { step, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Says whether each element is positive or zero: the unit step, the activation of the perceptron.
 *
 * `y = 1 if x ≥ 0, else 0`
 *
 * Shapes: any → same. The slope is 0 everywhere, so that no gradient passes: weights in front of it
 * are chosen, or trained by the perceptron's rule.
 * Source: Rosenblatt 1958, https://doi.org/10.1037/h0042519.
 *
 * @example
 * new Step().forward(tensor([-1, 0, 2])).arraySync() // => [0, 1, 1]
 */
export class Step extends Module {
  forward(x: Tensor): Tensor {
    return step(x);
  }
}
