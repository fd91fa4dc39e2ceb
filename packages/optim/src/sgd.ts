import { assign, type Tensor, ValueError, zeros, zerosLike } from "@chainrule/core";
import { unrecorded } from "@chainrule/core/observe";
import { Optimizer, type Params } from "./optimizer.js";
import type { Slot } from "./param-group.js";
import { ensureNotNegative, knownOptions } from "./settings.js";

/** The settings of {@link SGD} that a group can have for itself. */
export interface SGDSettings {
  /** μ, the share of the last movement that is kept; default 0. */
  momentum: number;
  /** τ, the share of the gradient that does not join the movement; default 0. */
  dampening: number;
  /** Whether the step looks one movement ahead; default false. */
  nesterov: boolean;
  /** λ, the pull of every parameter towards 0, added to its gradient; default 0. */
  weightDecay: number;
}

/** The options of {@link SGD}. */
export type SGDOptions = { readonly lr?: number | undefined } & {
  readonly [K in keyof SGDSettings]?: SGDSettings[K] | undefined;
};

/** With momentum: the movement, and where it is dampened, the number of steps done. */
type SGDState = { momentumBuffer?: Tensor; step?: Tensor };

/**
 * Stochastic gradient descent: moves against the gradient.
 *
 * `θ ← θ - lr · g`, where g is the gradient, plus `λ θ` with weight decay; with momentum
 * `b ← μ b + (1 - τ) g` (b = g at the first step) and then `θ ← θ - lr · b`, or with Nesterov's
 * variant `θ ← θ - lr · (g + μ b)`
 *
 * Units and ranges: lr ≥ 0 (default 1e-3), μ, τ, λ ≥ 0 (default 0).
 * Throws: {@link ValueError} for values out of range; `nesterov` needs a momentum and no dampening.
 * Source: Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html, in PyTorch's
 * form: the learning rate multiplies the movement instead of the gradient that enters it.
 *
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new SGD([x], { lr: 0.5 });
 * x.square().sum().backward();
 * optimizer.step();
 * x.arraySync() // => [0]
 */
export class SGD extends Optimizer<SGDSettings, SGDState> {
  constructor(params: Params<SGDSettings>, options: SGDOptions = {}) {
    const {
      lr = 1e-3,
      momentum = 0,
      dampening = 0,
      nesterov = false,
      weightDecay = 0,
    } = knownOptions("SGD", options, ["lr", "momentum", "dampening", "nesterov", "weightDecay"]);
    super(params, lr, { momentum, dampening, nesterov, weightDecay });
  }

  protected override ensureValid(settings: SGDSettings): void {
    const { momentum, dampening, nesterov, weightDecay } = settings;
    ensureNotNegative("momentum", momentum);
    ensureNotNegative("dampening", dampening);
    ensureNotNegative("weightDecay", weightDecay);
    if (!nesterov || (momentum > 0 && dampening === 0)) return;
    throw new ValueError("SGD", "nesterov needs a momentum and no dampening", {
      expected: "momentum > 0 and dampening 0",
      got: `momentum ${momentum} and dampening ${dampening}`,
      fix: "Set momentum, e.g. 0.9, or leave nesterov out.",
    });
  }

  protected override createState(param: Tensor, settings: SGDSettings): SGDState {
    const { momentum, dampening } = settings;
    if (momentum === 0) return {};
    const momentumBuffer = zerosLike(param);
    return dampening === 0 ? { momentumBuffer } : { momentumBuffer, step: zeroSteps(param) };
  }

  protected override update(slot: Slot<SGDState>, grad: Tensor, settings: SGDSettings): void {
    const { param, lr, state } = slot;
    const { momentum, nesterov, weightDecay } = settings;
    let d = grad;
    if (weightDecay !== 0) d = d.add(param.mul(weightDecay));
    if (momentum !== 0) {
      const b = nextMovement(param, state, d, settings);
      d = nesterov ? d.add(b.mul(momentum)) : b;
    }
    assign(param, param.sub(lr.mul(d)));
  }
}

/** `μ b + (1 - τ) g`, or g at the first step. */
function nextMovement(
  param: Tensor,
  state: SGDState,
  grad: Tensor,
  { momentum, dampening }: SGDSettings,
): Tensor {
  // The buffer starts at zero, so without dampening the first step needs no case of its own.
  state.momentumBuffer ??= unrecorded(() => zerosLike(param));
  const kept = state.momentumBuffer.mul(momentum);
  const b = kept.add(dampening === 0 ? grad : grad.mul(shareOf(param, state, dampening)));
  assign(state.momentumBuffer, b);
  return b;
}

/** 1 at the first step, `1 - τ` later; a tensor, since a compiled step does not branch. */
function shareOf(param: Tensor, state: SGDState, dampening: number): Tensor {
  state.step ??= zeroSteps(param);
  const share = state.step.greater(0).astype(param.dtype).mul(-dampening).add(1);
  assign(state.step, state.step.add(1));
  return share;
}

function zeroSteps({ dtype, backend }: Tensor): Tensor {
  return unrecorded(() => zeros([], { dtype, backend }));
}
