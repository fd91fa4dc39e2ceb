import type { AnyOptimizer } from "../optimizer.js";
import { ensureNotNegative, ensurePeriod, knownOptions } from "../settings.js";
import { LRScheduler } from "./lr-scheduler.js";

/** The settings of {@link StepLR}. */
export interface StepLRSettings {
  /** The number of epochs between two drops. */
  stepSize: number;
  /** γ, the factor at each drop; default 0.1. */
  gamma: number;
}

/** The options of {@link StepLR}. */
export interface StepLROptions {
  readonly stepSize: number;
  readonly gamma?: number | undefined;
}

/**
 * Multiplies the learning rate by a factor every few epochs.
 *
 * `ηₜ = γ · ηₜ₋₁` where t is a multiple of stepSize, else `ηₜ = ηₜ₋₁`: in all `η₀ · γ^⌊t / stepSize⌋`
 *
 * Units and ranges: stepSize a whole number ≥ 1, γ ≥ 0 (default 0.1).
 * Throws: {@link ValueError} for values out of range.
 * Source: PyTorch's StepLR, in its form that multiplies the present rate.
 *
 * @example
 * const optimizer = new SGD([tensor([1])], { lr: 1 });
 * const scheduler = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * const rates = [1, 2, 3, 4].map(() => {
 *   scheduler.step();
 *   return optimizer.paramGroups[0].lr;
 * });
 * rates // => [1, 0.5, 0.5, 0.25]
 */
export class StepLR extends LRScheduler<StepLRSettings> {
  constructor(optimizer: AnyOptimizer, options: StepLROptions) {
    const { stepSize, gamma = 0.1 } = knownOptions("StepLR", options, ["stepSize", "gamma"]);
    super(optimizer, { stepSize, gamma });
  }

  protected override ensureValid({ stepSize, gamma }: StepLRSettings): void {
    ensurePeriod("stepSize", stepSize, "StepLR");
    ensureNotNegative("gamma", gamma, "StepLR");
  }

  protected override nextLr(lr: number): number {
    const { stepSize, gamma } = this.settings;
    return this.lastEpoch % stepSize === 0 ? lr * gamma : lr;
  }
}
