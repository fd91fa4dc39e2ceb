// Schedules of the learning rate against PyTorch: the rates of two groups, and those that updates read.

import { type Backend, stack, type Tensor, tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import * as optim from "@chainrule/optim";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { toleranceFor } from "../../tolerance.js";
import { compareElements, ensure } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import { construct } from "./on-backend.js";
import { described, type SchedulerCase, type StoredSchedule, schedulerCases } from "./stored.js";

type Schedule = optim.StepLR | optim.CosineAnnealingLR;

/** A schedule by name. */
export function makeSchedule(
  optimizer: optim.AnyOptimizer,
  { name, options }: StoredSchedule,
): Schedule {
  return construct(optim, name, optimizer, options);
}

/** The checks of all stored schedules. */
export function schedulerChecks(): Check[] {
  return floatDTypes.flatMap((float) =>
    schedulerCases.flatMap((stored) => checksOf(stored, float)),
  );
}

function checksOf(stored: SchedulerCase, float: DType): Check[] {
  const titles = stored.schedules.map(({ name, options }) => `${name} ${described(options)}`);
  const byHand = Object.keys(stored.byHand).length > 0 ? ", some set by hand" : "";
  const id = `schedule ${stored.schedules[0]?.name} > ${float} > ${titles.join(" and ")} from ${stored.start}${byHand}`;
  const check = (title: string, saved: boolean): Check =>
    floatCheck(4, `${id} > ${title}`, float, (bench) => follow(bench, stored, float, saved), {
      compiles: true,
    });
  return [check("rates", false), check("rates, saved and loaded on the way", true)];
}

async function follow(
  bench: Bench,
  { schedules, start, byHand, rates }: SchedulerCase,
  float: DType,
  saved: boolean,
): Promise<void> {
  const { backend } = bench;
  const ratesOf = (of: optim.SGD): (() => Tensor[]) =>
    bench.prepared(() => of.paramGroups.flatMap(({ slots }) => slots.map(({ lr }) => lr.copy())));
  let optimizer = optimizerWith(start, backend, float);
  let ratesInUse = ratesOf(optimizer);
  let active = schedules.map((each) => makeSchedule(optimizer, each));
  const read: Tensor[] = [];
  for (const [i, expected] of rates.entries()) {
    for (const [g, lr] of (byHand[i + 1] ?? []).entries()) setRate(optimizer, g, lr);
    if (saved && i % 9 === 4) {
      const states = active.map((each) => JSON.stringify(each.stateDict()));
      const state = optimizer.stateDict();
      optimizer = optimizerWith([0.7, 0.7], backend, float);
      ratesInUse = ratesOf(optimizer);
      active = schedules.map((each) => makeSchedule(optimizer, each));
      for (const [s, each] of active.entries()) each.loadStateDict(JSON.parse(states[s] ?? ""));
      optimizer.loadStateDict(state);
    }
    for (const each of active) each.step();
    const got = optimizer.paramGroups.map(({ lr }) => lr);
    for (const [g, wanted] of expected.entries()) {
      // At most 100 products. Cosines may differ in the last bit, 2^-53 = 1.1e-16; that of 1 + cos is
      // 2 T² / π² times as much near a minimum, 6e-14 for T = 50.
      const distance = Math.abs((got[g] ?? Number.NaN) - wanted);
      ensure(
        distance <= 1e-12 * (wanted + 1e-4),
        `epoch ${i + 1}, group ${g}: expected the rate ${wanted}, got ${got[g]}`,
      );
    }
    ensure(
      active.at(-1)?.getLastLr().join() === got.join(),
      `epoch ${i + 1}: getLastLr() must be the rates in use`,
    );
    for (const { lastEpoch } of active) ensure(lastEpoch === i + 1, `lastEpoch is ${lastEpoch}`);
    read.push(...ratesInUse());
  }
  const op = `schedule ${schedules[0]?.name}`;
  const tolerance = toleranceFor("schedule", float);
  compareElements(bench, { op, tolerance }, await stack(read).data(), rates.flat(), float);
}

function optimizerWith(rates: readonly number[], backend: Backend, dtype: DType): optim.SGD {
  const param = (): Tensor => tensor([1], { dtype, backend, requiresGrad: true });
  return new optim.SGD(
    rates.map((lr) => ({ params: [param()], lr })),
    { momentum: 0.9 },
  );
}

function setRate(optimizer: optim.SGD, group: number, lr: number): void {
  const found = optimizer.paramGroups[group];
  ensure(found !== undefined, `there is no group ${group}`);
  found.lr = lr;
}
