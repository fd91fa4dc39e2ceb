import { customGrad, sub, type Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { buffer } from "../parameter.js";
import { ensureSameShape, type LossOptions, type Reduction, reduce } from "./reduction.js";

/** The options of {@link bce}. */
export interface BCEOptions extends LossOptions {
  /** A factor for each element's loss, broadcast against the losses. */
  readonly weight?: Tensor | null | undefined;
}

/**
 * Measures how badly probabilities predict yes-or-no targets: the negative log-likelihood of a
 * Bernoulli variable.
 *
 * `mean(-w [y ln p + (1 - y) ln(1 - p)])`
 *
 * Shapes: `input` p and `target` y the same → [] (or that shape with reduction "none").
 * Units and ranges: p in [0, 1], otherwise the loss is NaN; y in [0, 1] of any dtype (PyTorch
 * takes floats only). Logarithms are kept ≥ -100, and p (1 - p) ≥ 1e-12 in the gradient, so that p = 0
 * and p = 1 give finite numbers, as in PyTorch. Prefer {@link bceWithLogits}: it needs neither.
 * Throws: {@link ShapeError} when the shapes differ, also where they would broadcast.
 *
 * @example
 * bce(tensor([0.5, 0.5]), tensor([1, 0])).itemSync() // => 0.6931472 within 1e-6
 */
export function bce(input: Tensor, target: Tensor, options: BCEOptions = {}): Tensor {
  ensureSameShape("bce", input, target);
  const losses = bernoulliLoss(input, target);
  const { weight, reduction } = options;
  return reduce("bce", weight ? losses.mul(weight) : losses, reduction);
}

/** The losses of the elements, with a gradient that stays finite at p = 0 and p = 1. */
function bernoulliLoss(p: Tensor, y: Tensor): Tensor {
  return customGrad({
    forward: (p: Tensor, y: Tensor) => {
      const yes = y.mul(clampedLog(p));
      const no = sub(1, y).mul(clampedLog1p(p.neg()));
      return yes.add(no).neg();
    },
    backward: (dz: Tensor) => {
      const variance = p.mul(p.neg().add(1)).maximum(1e-12);
      const dp = dz.mul(p.sub(y).div(variance));
      if (!y.requiresGrad) return [dp, null];
      return [dp, dz.mul(clampedLog1p(p.neg()).sub(clampedLog(p)))];
    },
  })(p, y);
}

function clampedLog(x: Tensor): Tensor {
  return x.log().maximum(-100);
}

function clampedLog1p(x: Tensor): Tensor {
  return x.log1p().maximum(-100);
}

/** The module form of {@link bce}. */
export class BCELoss extends Module<[input: Tensor, target: Tensor]> {
  readonly weight: Tensor | null;
  readonly reduction: Reduction;

  constructor(options: BCEOptions = {}) {
    super();
    this.weight = options.weight ? buffer(options.weight) : null;
    this.reduction = options.reduction ?? "mean";
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return bce(input, target, this);
  }
}
