import { flatten, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";

/**
 * Joins the axes from `startAxis` to `endAxis` into one; by default all but the batch axis.
 *
 * Shapes: [batch, a, b, …] → [batch, a · b · …].
 * Throws: {@link AxisError} for axes outside the input.
 *
 * @example
 * new Flatten().forward(zeros([2, 28, 28])).shape // => [2, 784]
 */
export class Flatten extends Module {
  readonly startAxis: number;
  readonly endAxis: number;

  constructor(startAxis = 1, endAxis = -1) {
    super();
    this.startAxis = startAxis;
    this.endAxis = endAxis;
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startAxis, this.endAxis);
  }
}
