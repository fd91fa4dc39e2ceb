// The base of all schedules: the epoch, the rates of the groups, saving and loading. What a schedule
// is stands in step-lr.ts and cosine-annealing-lr.ts.

import { formatValue, ValueError } from "@chainrule/core";
import { type AnyOptimizer, Optimizer } from "../optimizer.js";
import { ensureLearningRate } from "../settings.js";

/** What a schedule needs to continue as if it had not been interrupted: numbers that JSON can hold. */
export interface LRSchedulerState<Settings extends object> {
  readonly lastEpoch: number;
  /** The rate of each group before the first step. */
  readonly baseLrs: readonly number[];
  /** The rate of each group after the last step. */
  readonly lastLrs: readonly number[];
  readonly settings: Settings;
}

/**
 * Moves the learning rate of every parameter group along a schedule, a step per epoch.
 *
 * The schedules here compute each rate from the one before: they can share an optimizer, and go on
 * from a rate that was set by hand. Call `step()` after the epoch's optimizer steps.
 *
 * To make a schedule, extend it with two methods: what settings are valid, and what the next rate is.
 *
 * @example
 * type Rate = { gamma: number };
 * class ExponentialLR extends LRScheduler<Rate> {
 *   protected override ensureValid(): void {}
 *   protected override nextLr(lr: number): number {
 *     return lr * this.settings.gamma;
 *   }
 * }
 * const optimizer = new SGD([tensor([1])], { lr: 0.5 });
 * new ExponentialLR(optimizer, { gamma: 0.5 }).step();
 * optimizer.paramGroups[0].lr // => 0.25
 */
export abstract class LRScheduler<Settings extends object> {
  readonly settings: Settings;
  readonly #optimizer: AnyOptimizer;
  #lastEpoch = 0;
  #baseLrs: number[];
  #lastLrs: number[];

  constructor(optimizer: AnyOptimizer, settings: Settings) {
    if (!(optimizer instanceof Optimizer)) throw optimizerError(optimizer);
    this.ensureValid(settings);
    this.settings = settings;
    this.#optimizer = optimizer;
    this.#baseLrs = this.#rates();
    this.#lastLrs = this.#rates();
  }

  /** Throws: {@link ValueError} for settings out of range. Called before the subclass is built. */
  protected abstract ensureValid(settings: Settings): void;

  /**
   * The rate of a group in epoch `lastEpoch` ≥ 1, from its present rate and the one it had before the
   * first step.
   */
  protected abstract nextLr(lr: number, baseLr: number): number;

  /** How many steps were done. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** The rates the last step has set, group by group; before it, those of the start. */
  getLastLr(): readonly number[] {
    return [...this.#lastLrs];
  }

  /**
   * Enters the next epoch: sets the learning rate of every group. Groups that were added since the
   * schedule was made join it with the rate they have.
   */
  step(): void {
    this.#lastEpoch += 1;
    this.#optimizer.paramGroups.forEach((group, index) => {
      const { lr } = group;
      const baseLr = this.#baseLrs[index] ?? lr;
      this.#baseLrs[index] = baseLr;
      group.lr = this.nextLr(lr, baseLr);
    });
    this.#lastLrs = this.#rates();
  }

  /** Where the schedule stands, to be saved beside the state of the optimizer. */
  stateDict(): LRSchedulerState<Settings> {
    return {
      lastEpoch: this.#lastEpoch,
      baseLrs: [...this.#baseLrs],
      lastLrs: [...this.#lastLrs],
      settings: { ...this.settings },
    };
  }

  /**
   * Continues where `state` says. The rates in use belong to the optimizer and are not touched: load
   * its state too.
   *
   * Throws: {@link ValueError} when `state` is of another kind of schedule or of another number of
   * groups; nothing is changed then.
   */
  loadStateDict(state: LRSchedulerState<Settings>): void {
    const { lastEpoch, baseLrs, lastLrs, settings } = state ?? {};
    const isList = Array.isArray(baseLrs) && Array.isArray(lastLrs);
    const isEpoch = Number.isSafeInteger(lastEpoch) && lastEpoch >= 0;
    if (!isList || !isEpoch || typeof settings !== "object" || settings === null) {
      throw stateError("what stateDict() of a schedule returns", formatValue(state));
    }
    const count = this.#optimizer.paramGroups.length;
    if (baseLrs.length !== count || lastLrs.length !== count) {
      throw stateError(`a rate for each of ${count} groups`, `${baseLrs.length}`);
    }
    for (const lr of [...baseLrs, ...lastLrs]) ensureLearningRate(lr);
    this.ensureValid(settings);
    this.#lastEpoch = lastEpoch;
    this.#baseLrs = [...baseLrs];
    this.#lastLrs = [...lastLrs];
    Object.assign(this.settings, settings);
  }

  #rates(): number[] {
    return this.#optimizer.paramGroups.map(({ lr }) => lr);
  }
}

function optimizerError(got: unknown): ValueError {
  return new ValueError("LRScheduler", "a schedule moves the rates of an optimizer", {
    expected: "an optimizer, e.g. SGD",
    got: formatValue(got),
    fix: "Call new StepLR(optimizer, options).",
  });
}

function stateError(expected: string, got: string): ValueError {
  return new ValueError("LRScheduler.loadStateDict", "the state must be of such a schedule", {
    expected,
    got,
    fix: "Make the schedule as it was made when the state was saved. Nothing was changed.",
  });
}
