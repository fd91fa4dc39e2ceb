import { logSoftmax, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * The logarithm of the softmax along one axis, computed at once so that it stays finite.
 *
 * `y_i = x_i - ln Σ_j e^(x_j)`
 *
 * Shapes: any → same. {@link NLLLoss} of it is {@link CrossEntropyLoss} of the logits.
 * Units and ranges: `axis` counts from the end when negative; default -1.
 * Throws: {@link AxisError} when the input has no such axis.
 *
 * @example
 * new LogSoftmax().forward(tensor([0, 0])).arraySync() // => [-0.6931472, -0.6931472] within 1e-6
 */
export class LogSoftmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
