import { assign, type Tensor } from "@chainrule/core";
import {
  type AdamOptions,
  type AdamSettings,
  type AdamState,
  adamMovement,
  createAdamState,
  ensureAdamSettings,
} from "./adam.js";
import { Optimizer, type Params } from "./optimizer.js";
import type { Slot } from "./param-group.js";
import { knownOptions } from "./settings.js";

/**
 * Adam with decoupled weight decay: every parameter shrinks by the same share, whatever the size of
 * its gradients.
 *
 * ```
 * θ ← θ - lr · λ θ
 * θ ← θ - lr · m̂ / (√v̂ + ε)      m̂, v̂ of the gradient alone, as in Adam
 * ```
 *
 * Units and ranges: lr ≥ 0 (default 1e-3), 0 ≤ β < 1, ε ≥ 0, λ ≥ 0 (default 0.01).
 * Throws: {@link ValueError} for values out of range.
 * Source: Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101, algorithm 2, in PyTorch's form:
 * the decay is multiplied by the learning rate.
 *
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new AdamW([x], { lr: 0.5, weightDecay: 0 });
 * x.square().sum().backward();
 * optimizer.step();
 * x.arraySync() // => [2.5] within 1e-6
 */
export class AdamW extends Optimizer<AdamSettings, AdamState> {
  constructor(params: Params<AdamSettings>, options: AdamOptions = {}) {
    const {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0.01,
    } = knownOptions("AdamW", options, ["lr", "betas", "eps", "weightDecay"]);
    super(params, lr, { betas, eps, weightDecay });
  }

  protected override ensureValid(settings: AdamSettings): void {
    ensureAdamSettings(settings);
  }

  protected override createState(param: Tensor): AdamState {
    return createAdamState(param);
  }

  protected override update(slot: Slot<AdamState>, grad: Tensor, settings: AdamSettings): void {
    const { param, lr } = slot;
    const { weightDecay } = settings;
    const decayed = weightDecay === 0 ? param : param.mul(lr.mul(-weightDecay).add(1));
    assign(param, decayed.sub(adamMovement(slot, grad, settings)));
  }
}
