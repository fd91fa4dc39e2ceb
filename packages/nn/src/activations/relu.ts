import { relu, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Passes positive elements and sets the others to zero.
 *
 * `y = max(x, 0)`
 *
 * Shapes: any → same. The slope at 0 is 0, as in PyTorch.
 *
 * @example
 * new ReLU().forward(tensor([-1, 2])).arraySync() // => [0, 2]
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}
