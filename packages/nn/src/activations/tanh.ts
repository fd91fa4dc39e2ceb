import { type Tensor, tanh } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Squashes each element into (-1, 1), centred on 0.
 *
 * `y = (e^x - e^-x) / (e^x + e^-x)`
 *
 * Shapes: any → same. The slope is 1 - y².
 *
 * @example
 * new Tanh().forward(tensor([0])).arraySync() // => [0]
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
