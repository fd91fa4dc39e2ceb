// What the pooling layers share.

import {
  type AvgPoolOptions,
  avgPool,
  formatShape,
  type MaxPoolOptions,
  maxPool,
  type PerAxis,
  type PoolOptions,
  type Tensor,
  ValueError,
} from "@chainrule/core";
import { Module } from "../module.js";
import { ensureChannels } from "./channels.js";
import { perAxis } from "./sizes.js";

/** Windows over a fixed number of spatial axes. */
abstract class Pooling extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly ceilMode: boolean;
  readonly #op: string;
  readonly #axes: 1 | 2;

  constructor(op: string, axes: 1 | 2, kernelSize: PerAxis, options: PoolOptions) {
    super();
    this.#op = op;
    this.#axes = axes;
    this.kernelSize = perAxis(op, "kernelSize", kernelSize, axes, 1);
    const { stride = this.kernelSize, padding = 0, ceilMode = false } = options;
    this.stride = perAxis(op, "stride", stride, axes, 1);
    this.padding = perAxis(op, "padding", padding, axes, 0);
    this.ceilMode = ceilMode;
    if (this.padding.every((width, d) => 2 * width <= (this.kernelSize[d] ?? 1))) return;
    throw new ValueError(op, "padding must be at most half of the window", {
      expected: `at most ${formatShape(this.kernelSize.map((n) => Math.floor(n / 2)))}`,
      got: formatShape(this.padding),
    });
  }

  forward(x: Tensor): Tensor {
    ensureChannels(this.#op, x, null, this.#axes);
    return this.pool(x);
  }

  protected abstract pool(x: Tensor): Tensor;
}

/** The largest element of windows. */
export abstract class MaxPooling extends Pooling {
  readonly dilation: readonly number[];

  constructor(op: string, axes: 1 | 2, kernelSize: PerAxis, options: MaxPoolOptions) {
    super(op, axes, kernelSize, options);
    this.dilation = perAxis(op, "dilation", options.dilation ?? 1, axes, 1);
  }

  protected override pool(x: Tensor): Tensor {
    return maxPool(x, this.kernelSize, this);
  }
}

/** The mean of windows. */
export abstract class AvgPooling extends Pooling {
  readonly countIncludePad: boolean;

  constructor(op: string, axes: 1 | 2, kernelSize: PerAxis, options: AvgPoolOptions) {
    super(op, axes, kernelSize, options);
    this.countIncludePad = options.countIncludePad ?? true;
  }

  protected override pool(x: Tensor): Tensor {
    return avgPool(x, this.kernelSize, this);
  }
}
