import { gather, type Tensor, take, where } from "@chainrule/core";
import { Module } from "../module.js";
import { buffer } from "../parameter.js";
import { asIndices, classAxis, ensureClassWeight } from "./class-axis.js";
import { type LossOptions, type Reduction, reduceWeighted } from "./reduction.js";

/** The options of {@link nll}. */
export interface NLLOptions extends LossOptions {
  /** A factor for each class, [C]; "mean" divides by the sum of the factors used. */
  readonly weight?: Tensor | null | undefined;
  /** Targets with this value count neither in the sum nor in the mean; default -100. */
  readonly ignoreIndex?: number | undefined;
}

/**
 * Measures how badly log-probabilities predict classes: the negative log-likelihood.
 *
 * `Σ -w[c] logP[c] / Σ w[c]` over the examples, c the class of each
 *
 * Shapes: `logProbabilities` [C], [N, C] or [N, C, d1, …]; `classIndices`, int32 or uint8, the same
 * without the axis C → [] (or the shape of the indices with reduction "none").
 * Units and ranges: an index outside 0…C-1 makes the loss NaN (no value is read back to check it).
 * If every target is ignored, the mean is NaN, as in PyTorch.
 * Throws: {@link ShapeError}, {@link DTypeError} when indices do not fit.
 *
 * @example
 * nll(tensor([[-0.5, -2]]), tensor([1], { dtype: "int32" })).itemSync() // => 2
 */
export function nll(
  logProbabilities: Tensor,
  classIndices: Tensor,
  options: NLLOptions = {},
): Tensor {
  const { reduction } = options;
  const { losses, weights } = classLosses("nll", logProbabilities, classIndices, options);
  return reduceWeighted("nll", losses, weights, reduction);
}

/** The loss of each example, and the weight each has in the mean: zeros where the index is ignored. */
export function classLosses(
  op: string,
  logProbabilities: Tensor,
  classIndices: Tensor,
  options: NLLOptions,
): { losses: Tensor; weights: Tensor } {
  const { weight, ignoreIndex = -100 } = options;
  const axis = classAxis(op, logProbabilities);
  const indices = asIndices(op, logProbabilities, classIndices, axis);
  if (weight) ensureClassWeight(op, weight, logProbabilities.shape[axis] ?? 0);
  const counted = indices.notEqual(ignoreIndex);
  const index = where(counted, indices, 0);
  const picked = gather(logProbabilities, index.expandDims(axis), axis).squeeze(axis);
  const factors = weight ? take(weight, index) : counted.astype(picked.dtype);
  const losses = where(counted, weight ? picked.mul(factors).neg() : picked.neg(), 0);
  return { losses, weights: weight ? where(counted, factors, 0) : factors };
}

/** The module form of {@link nll}. */
export class NLLLoss extends Module<[logProbabilities: Tensor, classIndices: Tensor]> {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly reduction: Reduction;

  constructor(options: NLLOptions = {}) {
    super();
    this.weight = options.weight ? buffer(options.weight) : null;
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.reduction = options.reduction ?? "mean";
  }

  forward(logProbabilities: Tensor, classIndices: Tensor): Tensor {
    return nll(logProbabilities, classIndices, this);
  }
}
