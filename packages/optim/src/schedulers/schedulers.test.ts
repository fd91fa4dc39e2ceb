// What PyTorch's numbers (the conformance suite) do not say about schedules: groups, states, refusals.

import { setBackend, tensor, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { CosineAnnealingLR, LRScheduler, SGD, StepLR } from "../index.js";

beforeAll(() => {
  setBackend(interpreter());
});

function optimizerWith(rates: readonly number[]): SGD {
  return new SGD(
    rates.map((lr) => ({ params: [tensor([1], { requiresGrad: true })], lr })),
    { momentum: 0.9 },
  );
}

function ratesOf(optimizer: SGD): number[] {
  return optimizer.paramGroups.map(({ lr }) => lr);
}

function setRates(optimizer: SGD, rates: readonly number[]): void {
  optimizer.paramGroups.forEach((group, i) => {
    group.lr = rates[i] ?? Number.NaN;
  });
}

/** Cosines may differ in the last bit. */
function expectRates(optimizer: SGD, expected: readonly number[]): void {
  ratesOf(optimizer).forEach((lr, i) => {
    const wanted = expected[i] ?? Number.NaN;
    expect(Math.abs(lr - wanted)).toBeLessThanOrEqual(1e-12 * (Math.abs(wanted) + 1e-4));
  });
}

describe("a schedule", () => {
  it("writes into the tensor that updates read", () => {
    const optimizer = optimizerWith([1]);
    const slot = optimizer.paramGroups[0]?.slots[0];
    new StepLR(optimizer, { stepSize: 1, gamma: 0.25 }).step();
    expect(optimizer.paramGroups[0]?.slots[0]?.lr).toBe(slot?.lr);
    expect(slot?.lr.itemSync()).toBe(0.25);
  });

  it("remembers the rates it has set, not those set by hand", () => {
    const optimizer = optimizerWith([1, 0.5]);
    const scheduler = new StepLR(optimizer, { stepSize: 1 });
    expect([scheduler.lastEpoch, scheduler.getLastLr()]).toEqual([0, [1, 0.5]]);
    scheduler.step();
    setRates(optimizer, [3, 3]);
    expect([scheduler.lastEpoch, scheduler.getLastLr()]).toEqual([1, [0.1, 0.05]]);
  });

  it("takes in groups that are added later", () => {
    const optimizer = optimizerWith([1]);
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 2 });
    scheduler.step();
    optimizer.addParamGroup({ params: [tensor([1], { requiresGrad: true })], lr: 0.5 });
    for (let i = 0; i < 3; i++) scheduler.step();
    // The first: 1, ½, 0, ½, 1. The second joins in epoch 1 with 0.5, then 0, then 0 + 0.5 / 2, 0.5.
    expectRates(optimizer, [1, 0.5]);
    expect(scheduler.stateDict().baseLrs).toEqual([1, 0.5]);
  });

  it("takes over the settings of the state it loads", () => {
    const saved = new StepLR(optimizerWith([1]), { stepSize: 1, gamma: 0.5 }).stateDict();
    const optimizer = optimizerWith([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 10 });
    scheduler.loadStateDict(saved);
    scheduler.step();
    expect(ratesOf(optimizer)).toEqual([0.5]);
    expect(saved).toEqual({
      lastEpoch: 0,
      baseLrs: [1],
      lastLrs: [1],
      settings: { stepSize: 1, gamma: 0.5 },
    });
  });

  it("has the last rates of the state it loads, and changes no state it gave", () => {
    const optimizer = optimizerWith([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    const saved = scheduler.stateDict();
    optimizer.addParamGroup({ params: [tensor([1], { requiresGrad: true })], lr: 0.5 });
    scheduler.step();
    const settings = { stepSize: 2, gamma: 0.1 };
    scheduler.loadStateDict({ lastEpoch: 3, baseLrs: [1, 1], lastLrs: [0.1, 0.2], settings });
    expect(scheduler.getLastLr()).toEqual([0.1, 0.2]);
    expect(saved).toEqual({
      lastEpoch: 0,
      baseLrs: [1],
      lastLrs: [1],
      settings: { stepSize: 1, gamma: 0.5 },
    });
  });

  it("climbs from the rate it finds at its minimum", () => {
    const optimizer = optimizerWith([1]);
    const scheduler = new CosineAnnealingLR(optimizer, { tMax: 2 });
    scheduler.step();
    scheduler.step();
    setRates(optimizer, [0.3]);
    scheduler.step();
    expectRates(optimizer, [0.8]); // 0.3 + (1 - cos(π / 2)) / 2, as PyTorch's
  });

  it("is two methods for one of one's own", () => {
    class LinearLR extends LRScheduler<{ epochs: number }> {
      protected override ensureValid(): void {}

      protected override nextLr(_: number, baseLr: number): number {
        return baseLr * Math.max(0, 1 - this.lastEpoch / this.settings.epochs);
      }
    }
    const optimizer = optimizerWith([1, 0.5]);
    const scheduler = new LinearLR(optimizer, { epochs: 4 });
    scheduler.step();
    expect(ratesOf(optimizer)).toEqual([0.75, 0.375]);
  });
});

describe("what is refused", () => {
  it.each<[string, (optimizer: SGD) => unknown]>([
    ["no stepSize", (o) => new StepLR(o, 30 as never)],
    ["stepSize 0", (o) => new StepLR(o, { stepSize: 0 })],
    ["stepSize 1.5", (o) => new StepLR(o, { stepSize: 1.5 })],
    ["a negative gamma", (o) => new StepLR(o, { stepSize: 1, gamma: -0.1 })],
    ["gamma NaN", (o) => new StepLR(o, { stepSize: 1, gamma: Number.NaN })],
    ["tMax 0", (o) => new CosineAnnealingLR(o, { tMax: 0 })],
    ["tMax Infinity", (o) => new CosineAnnealingLR(o, { tMax: Number.POSITIVE_INFINITY })],
    ["a negative etaMin", (o) => new CosineAnnealingLR(o, { tMax: 1, etaMin: -1 })],
    ["a rate in place of an optimizer", () => new StepLR(0.1 as never, { stepSize: 1 })],
    ["parameters in its place", () => new StepLR([tensor([1])] as never, { stepSize: 1 })],
  ])("%s", (_, run) => {
    expect(() => run(optimizerWith([1]))).toThrow(ValueError);
  });

  it("with these words", () => {
    expect(() => new StepLR(optimizerWith([1]), {} as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [StepLR] stepSize is a number of epochs: expected a whole number ≥ 1, got undefined.]`,
    );
  });

  it("states of other schedules and of other groups, and nothing is changed", () => {
    const optimizer = optimizerWith([1]);
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    scheduler.step();
    const before = scheduler.stateDict();
    const good = { ...before, lastEpoch: 7 };
    for (const state of [
      undefined,
      null,
      {},
      optimizer.stateDict(),
      new CosineAnnealingLR(optimizerWith([1]), { tMax: 3 }).stateDict(),
      new StepLR(optimizerWith([1, 1]), { stepSize: 2 }).stateDict(),
      { ...good, lastEpoch: -1 },
      { ...good, lastEpoch: "2" },
      { ...good, baseLrs: [Number.NaN] },
      { ...good, lastLrs: [] },
      { ...good, settings: { stepSize: 2, gamma: -1 } },
      { ...good, settings: null },
    ]) {
      expect(() => scheduler.loadStateDict(state as never)).toThrow(ValueError);
      expect(scheduler.stateDict()).toEqual(before);
    }
  });
});
