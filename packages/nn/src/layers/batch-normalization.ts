// What BatchNorm1d and BatchNorm2d share.

import { assign, type Tensor, tensor } from "@chainrule/core";
import { constant, type InitOptions } from "@chainrule/init";
import { batchNorm, ensureMomentum } from "../functional/batch-norm.js";
import { ensureEps } from "../functional/moments.js";
import { Module } from "../module.js";
import { buffer, parameter } from "../parameter.js";
import { ensureChannels, type SpatialAxes } from "./channels.js";
import { ensureCounts } from "./sizes.js";

/** How a batch normalisation is made. */
export interface BatchNormLayerOptions extends Pick<InitOptions, "dtype" | "backend"> {
  /** Keeps the denominator away from 0; default 1e-5. */
  readonly eps?: number | undefined;
  /**
   * How far the running statistics move towards those of each batch; default 0.1. null for the
   * average over all batches.
   */
  readonly momentum?: number | null | undefined;
  /** Whether channels get a scale and an offset that are learned; default true. */
  readonly affine?: boolean | undefined;
  /** Whether statistics are kept for evaluation; if not, it uses the batch's own too. Default true. */
  readonly trackRunningStats?: boolean | undefined;
}

/** A batch normalisation over inputs of certain numbers of spatial axes. */
export abstract class BatchNormalization extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  /** The scale of each channel; null when made with `affine: false`. */
  readonly weight: Tensor | null;
  /** The offset of each channel; null when made with `affine: false`. */
  readonly bias: Tensor | null;
  /** null when made with `trackRunningStats: false`, as the other two. */
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  /** How many batches the running statistics have seen; int32. */
  readonly numBatchesTracked: Tensor | null;
  readonly #op: string;
  readonly #spatial: readonly SpatialAxes[];

  constructor(
    op: string,
    spatial: readonly SpatialAxes[],
    numFeatures: number,
    options: BatchNormLayerOptions,
  ) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    const { dtype, backend } = options;
    ensureCounts(op, { numFeatures }, 1);
    ensureEps(op, eps);
    if (momentum !== null) ensureMomentum(op, momentum);
    this.#op = op;
    this.#spatial = spatial;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    const start = (value: number): Tensor => constant([numFeatures], value, { dtype, backend });
    this.weight = affine ? parameter(start(1)) : null;
    this.bias = affine ? parameter(start(0)) : null;
    this.runningMean = trackRunningStats ? buffer(start(0)) : null;
    this.runningVar = trackRunningStats ? buffer(start(1)) : null;
    this.numBatchesTracked = trackRunningStats
      ? buffer(tensor(0, { dtype: "int32", backend }))
      : null;
  }

  forward(x: Tensor): Tensor {
    ensureChannels(this.#op, x, this.numFeatures, ...this.#spatial);
    const { runningMean, runningVar, weight, bias, eps, numBatchesTracked } = this;
    if (!this.training || runningMean === null || numBatchesTracked === null) {
      const training = runningMean === null;
      return batchNorm(x, runningMean, runningVar, { weight, bias, training, eps });
    }
    const count = numBatchesTracked.add(1);
    // The average over all batches so far: each one counts as much as those before it.
    const momentum = this.momentum ?? count.astype(runningMean.dtype).reciprocal();
    const options = { weight, bias, training: true, momentum, eps };
    const y = batchNorm(x, runningMean, runningVar, options);
    assign(numBatchesTracked, count);
    return y;
  }
}
