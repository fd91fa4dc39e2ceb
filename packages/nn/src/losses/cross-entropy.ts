import {
  ensureTensor,
  formatShape,
  logSoftmax,
  ShapeError,
  type Tensor,
  ValueError,
  where,
} from "@chainrule/core";
import { Module } from "../module.js";
import { buffer } from "../parameter.js";
import { classAxis, ensureClassWeight, isIndexDType } from "./class-axis.js";
import { classLosses, type NLLOptions } from "./nll.js";
import { type Reduction, reduce, reduceWeighted } from "./reduction.js";

/** The options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends NLLOptions {
  /** The share of the target spread evenly over all classes, 0 to 1; default 0. */
  readonly labelSmoothing?: number | undefined;
}

/**
 * Measures how badly logits predict classes: {@link nll} of the logarithm of the softmax, or the
 * cross-entropy with given probabilities.
 *
 * `Σ -w[c] ln softmax(x)[c] / Σ w[c]` for class indices c,
 * `-(1/N) Σ_n Σ_c w[c] p[n, c] ln softmax(x)[n, c]` for probabilities p
 *
 * Shapes: `logits` [C], [N, C] or [N, C, d1, …]; `target` either class indices, int32 or uint8, of
 * that shape without C, or float probabilities of the same shape → [] (or the shape without C with
 * reduction "none").
 * Units and ranges: logits, without a softmax. With smoothing s a target p becomes
 * `(1 - s) p + s / C`. An index outside 0…C-1 makes the loss NaN (no value is read back to check
 * it); `ignoreIndex` is for indices only.
 * Throws: {@link ShapeError}, {@link DTypeError} when the target does not fit; {@link ValueError} for
 * a smoothing outside 0…1.
 *
 * @example
 * const target = tensor([0], { dtype: "int32" });
 * crossEntropy(tensor([[0, 0]]), target).itemSync() // => 0.6931472 within 1e-6
 */
export function crossEntropy(
  logits: Tensor,
  target: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError("crossEntropy", "labelSmoothing is a share of the target", {
      expected: "0 ≤ labelSmoothing ≤ 1",
      got: String(labelSmoothing),
    });
  }
  const axis = classAxis("crossEntropy", logits);
  ensureTensor("crossEntropy", target);
  const logProbabilities = logSoftmax(logits, axis);
  return isIndexDType(target)
    ? withIndices(logProbabilities, target, axis, labelSmoothing, options)
    : withProbabilities(logProbabilities, target, axis, labelSmoothing, options);
}

function withIndices(
  logProbabilities: Tensor,
  indices: Tensor,
  axis: 0 | 1,
  smoothing: number,
  options: CrossEntropyOptions,
): Tensor {
  const { weight, ignoreIndex = -100, reduction } = options;
  if (sameShape(indices, logProbabilities)) throw oneHotError(indices);
  const { losses, weights } = classLosses("crossEntropy", logProbabilities, indices, options);
  if (smoothing === 0) return reduceWeighted("crossEntropy", losses, weights, reduction);
  const share = smoothing / (logProbabilities.shape[axis] ?? 1);
  const all = weightedSum(logProbabilities, axis, weight ?? null).neg();
  const spread = where(indices.notEqual(ignoreIndex), all, 0);
  const smoothed = losses.mul(1 - smoothing).add(spread.mul(share));
  return reduceWeighted("crossEntropy", smoothed, weights, reduction);
}

function withProbabilities(
  logProbabilities: Tensor,
  target: Tensor,
  axis: 0 | 1,
  smoothing: number,
  options: CrossEntropyOptions,
): Tensor {
  const { weight, ignoreIndex, reduction } = options;
  if (!sameShape(target, logProbabilities)) throw targetError(logProbabilities, target, axis);
  if (ignoreIndex !== undefined && ignoreIndex !== -100) {
    throw new ValueError("crossEntropy", "ignoreIndex needs a target of class indices", {
      expected: "no ignoreIndex with probabilities",
      got: String(ignoreIndex),
      fix: "Give the examples to be ignored a target of zeros.",
    });
  }
  const classes = logProbabilities.shape[axis] ?? 1;
  const p = smoothing === 0 ? target : target.mul(1 - smoothing).add(smoothing / classes);
  const losses = weightedSum(p.mul(logProbabilities), axis, weight ?? null).neg();
  return reduce("crossEntropy", losses, reduction);
}

/** `Σ_c w[c] x[…, c, …]` along `axis`. */
function weightedSum(x: Tensor, axis: 0 | 1, weight: Tensor | null): Tensor {
  if (weight === null) return x.sum(axis);
  const classes = x.shape[axis] ?? 0;
  ensureClassWeight("crossEntropy", weight, classes);
  const aligned = weight.reshape(x.shape.map((_, i) => (i === axis ? classes : 1)));
  return x.mul(aligned).sum(axis);
}

function sameShape(a: Tensor, b: Tensor): boolean {
  return a.ndim === b.ndim && a.shape.every((extent, i) => extent === b.shape[i]);
}

function oneHotError(target: Tensor): ShapeError {
  return new ShapeError("crossEntropy", "a target of the shape of the logits holds probabilities", {
    expected: "a float target, or class indices without the class axis",
    got: `${target.dtype} ${formatShape(target.shape)}`,
    fix: 'Convert one-hot targets with astype("float32"), or to indices with argmax(1).',
  });
}

function targetError(logits: Tensor, target: Tensor, axis: 0 | 1): ShapeError {
  const indices = logits.shape.filter((_, i) => i !== axis);
  return new ShapeError("crossEntropy", "the target must fit the logits", {
    expected: `int32 class indices ${formatShape(indices)} or probabilities ${formatShape(logits.shape)}`,
    got: `${target.dtype} ${formatShape(target.shape)}`,
    fix: sameExtents(indices, target.shape)
      ? 'Convert class indices with astype("int32").'
      : "Reshape the target.",
  });
}

function sameExtents(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

/** The module form of {@link crossEntropy}. */
export class CrossEntropyLoss extends Module<[logits: Tensor, target: Tensor]> {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  readonly reduction: Reduction;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    this.weight = options.weight ? buffer(options.weight) : null;
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
    this.reduction = options.reduction ?? "mean";
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this);
  }
}
