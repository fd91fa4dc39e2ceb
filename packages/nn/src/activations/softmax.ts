import { softmax, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Turns the elements along one axis into probabilities: positive, with sum 1.
 *
 * `y_i = e^(x_i) / Σ_j e^(x_j)`
 *
 * Shapes: any → same. Not in front of {@link CrossEntropyLoss}, which takes logits.
 * Units and ranges: `axis` counts from the end when negative; default -1.
 * Throws: {@link AxisError} when the input has no such axis.
 *
 * @example
 * new Softmax().forward(tensor([0, 0])).arraySync() // => [0.5, 0.5]
 */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}
