import type { Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Returns its input: the linear output unit, or a placeholder for a layer left out.
 *
 * `y = x`
 *
 * @example
 * new Identity().forward(tensor([1, 2])).arraySync() // => [1, 2]
 */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
