import { sigmoid, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Squashes each element into (0, 1), the logistic function.
 *
 * `y = 1 / (1 + e^-x)`
 *
 * Shapes: any → same. The slope is y (1 - y): at most 1/4, and almost none where the unit is saturated.
 *
 * @example
 * new Sigmoid().forward(tensor([0])).arraySync() // => [0.5]
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
