import { assign, type Tensor, zeros, zerosLike } from "@chainrule/core";
import { Optimizer, type Params } from "./optimizer.js";
import type { Slot } from "./param-group.js";
import { ensureDecayRate, ensureNotNegative, knownOptions } from "./settings.js";

/** The settings of {@link Adam} and `AdamW` that a group can have for itself. */
export interface AdamSettings {
  /** β₁ and β₂, the shares that the averages of g and g² keep; default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** ε, added to the denominator; default 1e-8. */
  eps: number;
  /** λ, the pull of every parameter towards 0. */
  weightDecay: number;
}

/** The options of {@link Adam} and `AdamW`. */
export type AdamOptions = { readonly lr?: number | undefined } & {
  readonly [K in keyof AdamSettings]?: AdamSettings[K] | undefined;
};

/** t, m and v of the paper. */
export type AdamState = { step: Tensor; expAvg: Tensor; expAvgSq: Tensor };

/**
 * Adam: moves along an average of past gradients, each element scaled by the size its gradients
 * have had.
 *
 * ```
 * t ← t + 1
 * g ← ∇f(θ) + λ θ
 * m ← β₁ m + (1 - β₁) g          m̂ = m / (1 - β₁ᵗ)
 * v ← β₂ v + (1 - β₂) g²         v̂ = v / (1 - β₂ᵗ)
 * θ ← θ - lr · m̂ / (√v̂ + ε)
 * ```
 *
 * Units and ranges: lr ≥ 0 (default 1e-3), 0 ≤ β < 1, ε ≥ 0, λ ≥ 0 (default 0). Weight decay is an
 * L2 term in the loss here; `AdamW` is the one to use with it.
 * Throws: {@link ValueError} for values out of range.
 * Source: Kingma & Ba 2015, https://arxiv.org/abs/1412.6980, algorithm 1: ε is added outside the root
 * of the corrected v̂, not the "epsilon hat" that section 2 adds to the uncorrected √v.
 *
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new Adam([x], { lr: 0.5 });
 * x.square().sum().backward();
 * optimizer.step();
 * x.arraySync() // => [2.5] within 1e-6
 */
export class Adam extends Optimizer<AdamSettings, AdamState> {
  constructor(params: Params<AdamSettings>, options: AdamOptions = {}) {
    const {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
    } = knownOptions("Adam", options, ["lr", "betas", "eps", "weightDecay"]);
    super(params, lr, { betas, eps, weightDecay });
  }

  protected override ensureValid(settings: AdamSettings): void {
    ensureAdamSettings(settings);
  }

  protected override createState(param: Tensor): AdamState {
    return createAdamState(param);
  }

  protected override update(slot: Slot<AdamState>, grad: Tensor, settings: AdamSettings): void {
    const { param } = slot;
    const { weightDecay } = settings;
    const g = weightDecay === 0 ? grad : grad.add(param.mul(weightDecay));
    assign(param, param.sub(adamMovement(slot, g, settings)));
  }
}

/** Throws: {@link ValueError} for settings out of range. */
export function ensureAdamSettings({ betas, eps, weightDecay }: AdamSettings): void {
  ensureDecayRate("betas[0]", betas[0]);
  ensureDecayRate("betas[1]", betas[1]);
  ensureNotNegative("eps", eps);
  ensureNotNegative("weightDecay", weightDecay);
}

/** t, m and v before the first step. */
export function createAdamState(param: Tensor): AdamState {
  const { dtype, backend } = param;
  return {
    step: zeros([], { dtype, backend }),
    expAvg: zerosLike(param),
    expAvgSq: zerosLike(param),
  };
}

/** Advances t, m and v by the gradient g, and returns `lr · m̂ / (√v̂ + ε)`. */
export function adamMovement(
  { lr, state }: Slot<AdamState>,
  g: Tensor,
  { betas: [beta1, beta2], eps }: AdamSettings,
): Tensor {
  const t = state.step.add(1);
  const m = state.expAvg.mul(beta1).add(g.mul(1 - beta1));
  const v = state.expAvgSq.mul(beta2).add(g.mul(g).mul(1 - beta2));
  assign(state.step, t);
  assign(state.expAvg, m);
  assign(state.expAvgSq, v);
  const stepSize = lr.div(biasCorrection(t, beta1));
  const denominator = v.sqrt().div(biasCorrection(t, beta2).sqrt()).add(eps);
  return stepSize.mul(m).div(denominator);
}

/** `1 - βᵗ`, as `-(e^(t ln β) - 1)`: in float32 the difference would lose five digits at t = 1. */
function biasCorrection(t: Tensor, beta: number): Tensor {
  return t.mul(Math.log(beta)).expm1().neg();
}
