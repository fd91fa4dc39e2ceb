import { softplus, sub, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { buffer } from "../parameter.js";
import { ensureSameShape, type LossOptions, type Reduction, reduce } from "./reduction.js";

/** The options of {@link bceWithLogits}. */
export interface BCEWithLogitsOptions extends LossOptions {
  /** A factor for each element's loss, broadcast against the losses. */
  readonly weight?: Tensor | null | undefined;
  /** A factor for the yes-part only, broadcast: above 1 it makes misses dearer than false alarms. */
  readonly posWeight?: Tensor | null | undefined;
}

/**
 * Measures how badly logits predict yes-or-no targets: {@link bce} of the sigmoid, computed without
 * leaving the logarithmic scale, so that no logit is too large.
 *
 * `mean(w [q y softplus(-x) + (1 - y) softplus(x)])`, since -ln σ(x) = softplus(-x) and
 * -ln(1 - σ(x)) = softplus(x)
 *
 * Shapes: `logits` x and `target` y the same → [] (or that shape with reduction "none").
 * Units and ranges: x any number, without a sigmoid; y in [0, 1] of any dtype (PyTorch
 * takes floats only).
 * Throws: {@link ShapeError} when the shapes differ, also where they would broadcast.
 *
 * @example
 * bceWithLogits(tensor([0, 0]), tensor([1, 0])).itemSync() // => 0.6931472 within 1e-6
 */
export function bceWithLogits(
  logits: Tensor,
  target: Tensor,
  options: BCEWithLogitsOptions = {},
): Tensor {
  ensureSameShape("bceWithLogits", logits, target);
  const { weight, posWeight, reduction } = options;
  // Each part vanishes where the other counts: no difference of large numbers, in value or gradient.
  const yes = target.mul(softplus(logits.neg()));
  const no = sub(1, target).mul(softplus(logits));
  const losses = (posWeight ? yes.mul(posWeight) : yes).add(no);
  return reduce("bceWithLogits", weight ? losses.mul(weight) : losses, reduction);
}

/** The module form of {@link bceWithLogits}. */
export class BCEWithLogitsLoss extends Module<[logits: Tensor, target: Tensor]> {
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;
  readonly reduction: Reduction;

  constructor(options: BCEWithLogitsOptions = {}) {
    super();
    this.weight = options.weight ? buffer(options.weight) : null;
    this.posWeight = options.posWeight ? buffer(options.posWeight) : null;
    this.reduction = options.reduction ?? "mean";
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return bceWithLogits(logits, target, this);
  }
}
