import type { AnyOptimizer } from "../optimizer.js";
import { ensureNotNegative, ensurePeriod, knownOptions } from "../settings.js";
import { LRScheduler } from "./lr-scheduler.js";

/** The settings of {@link CosineAnnealingLR}. */
export interface CosineAnnealingLRSettings {
  /** T, the number of epochs from the highest rate to the lowest. */
  tMax: number;
  /** The lowest rate; default 0. */
  etaMin: number;
}

/** The options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingLROptions {
  readonly tMax: number;
  readonly etaMin?: number | undefined;
}

/**
 * Lowers the learning rate along half a period of a cosine; further steps raise it again.
 *
 * `ηₜ = ηmin + (η₀ - ηmin) · (1 + cos(π t / T)) / 2`
 *
 * computed as PyTorch does, from the rate before, which may have been set by hand:
 *
 * ```
 * ηₜ = ηmin + (ηₜ₋₁ - ηmin) · (1 + cos(π t / T)) / (1 + cos(π (t - 1) / T))
 * ηₜ = ηₜ₋₁ + (η₀ - ηmin) · (1 - cos(π / T)) / 2      after a minimum: t = T + 1, 3 T + 1, …
 * ```
 *
 * Units and ranges: tMax a whole number ≥ 1, etaMin ≥ 0 (default 0).
 * Throws: {@link ValueError} for values out of range.
 * Source: Loshchilov & Hutter 2017, https://arxiv.org/abs/1608.03983, equation 5, without restarts.
 *
 * @example
 * const optimizer = new SGD([tensor([1])], { lr: 1 });
 * const scheduler = new CosineAnnealingLR(optimizer, { tMax: 4 });
 * const rates = [1, 2, 3, 4].map(() => {
 *   scheduler.step();
 *   return optimizer.paramGroups[0].lr;
 * });
 * rates // => [0.8535534, 0.5, 0.1464466, 0]
 */
export class CosineAnnealingLR extends LRScheduler<CosineAnnealingLRSettings> {
  constructor(optimizer: AnyOptimizer, options: CosineAnnealingLROptions) {
    const { tMax, etaMin = 0 } = knownOptions("CosineAnnealingLR", options, ["tMax", "etaMin"]);
    super(optimizer, { tMax, etaMin });
  }

  protected override ensureValid({ tMax, etaMin }: CosineAnnealingLRSettings): void {
    ensurePeriod("tMax", tMax, "CosineAnnealingLR");
    ensureNotNegative("etaMin", etaMin, "CosineAnnealingLR");
  }

  protected override nextLr(lr: number, baseLr: number): number {
    const { tMax, etaMin } = this.settings;
    const t = this.lastEpoch;
    // At a minimum the quotient would be 0 / 0.
    if ((t - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((baseLr - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    }
    const height = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / tMax);
    return (height(t) / height(t - 1)) * (lr - etaMin) + etaMin;
  }
}
