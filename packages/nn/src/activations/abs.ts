import { abs, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Passes the size of each element without its sign, also known as absolute value ReLU.
 *
 * `y = |x|`
 *
 * Shapes: any → same. The slope is the sign of x, and 0 at 0.
 * Source: Jarrett et al. 2009, What is the best multi-stage architecture for object recognition?,
 * https://doi.org/10.1109/ICCV.2009.5459469.
 *
 * @example
 * new Abs().forward(tensor([-1, 2])).arraySync() // => [1, 2]
 */
export class Abs extends Module {
  forward(x: Tensor): Tensor {
    return abs(x);
  }
}
