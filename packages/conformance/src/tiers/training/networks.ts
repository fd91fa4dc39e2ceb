// Small networks trained as PyTorch trained them: parameters after ten steps (tier 4), and the losses
// of fifty (tier 5).

import type { Tensor } from "@chainrule/core";
import { type DType, isFloat } from "@chainrule/kernel";
import { type Module, Sequential } from "@chainrule/nn";
import { clipGradNorm, clipGradValue } from "@chainrule/optim";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { hostArrayOf } from "../../fixtures.js";
import { ensure } from "../../verify.js";
import { floatCheck } from "../layers/float-check.js";
import { losses } from "../layers/losses.js";
import { loadState, makeLayer, tensorOn } from "../layers/on-backend.js";
import { makeOptimizer } from "../layers/optimizers.js";
import { makeSchedule } from "../layers/schedulers.js";
import { described } from "../layers/stored.js";
import { snapshotSteps, type TrainingCase, trainingCases } from "./stored.js";

/** The checks of all stored trainings. */
export function networkChecks(): Check[] {
  return floatDTypes.flatMap((float) => trainingCases.flatMap((stored) => checksOf(stored, float)));
}

function checksOf(stored: TrainingCase, float: DType): Check[] {
  const { name, optimizer, options, loss, schedule, clipNorm, clipValue } = stored;
  const parts = [
    `${optimizer} ${described(options)}`,
    ...(schedule === undefined ? [] : [`${schedule.name} ${described(schedule.options)}`]),
    ...(clipNorm === undefined ? [] : [`clipGradNorm ${clipNorm}`]),
    ...(clipValue === undefined ? [] : [`clipGradValue ${clipValue}`]),
  ];
  const id = `training ${name} > ${float} > ${loss} > ${parts.join(" > ")}`;
  const parameters = floatCheck(
    4,
    `${id} > parameters after ${snapshotSteps} steps`,
    float,
    (bench) => parametersFollow(bench, stored, float),
    { compiles: true },
  );
  if (float === "float64") return [parameters];
  const curve = floatCheck(
    5,
    `${id} > losses of ${stored.losses.length} steps`,
    float,
    (bench) => lossesFollow(bench, stored, float),
    { compiles: true },
  );
  return [parameters, curve];
}

async function parametersFollow(bench: Bench, stored: TrainingCase, float: DType): Promise<void> {
  const { model } = await trained(stored, bench, float, snapshotSteps);
  const state = model.stateDict();
  ensure(
    Object.keys(state).join() === Object.keys(stored.after).join(),
    `expected ${Object.keys(stored.after)}, got ${Object.keys(state)}`,
  );
  for (const [name, tensor] of Object.entries(state)) {
    const expected = stored.after[name];
    ensure(expected !== undefined, `${name} is not stored`);
    const { data } = hostArrayOf(expected);
    const got = await tensor.data();
    for (const [i, wanted] of data.entries()) {
      const exact = !isFloat(tensor.dtype);
      const allowed = exact ? 0 : band(stored.rounding[name] ?? 0, wanted, float);
      near(`${name}, element ${i}`, got[i], wanted, allowed);
    }
  }
}

async function lossesFollow(bench: Bench, stored: TrainingCase, float: DType): Promise<void> {
  const { curve } = await trained(stored, bench, float, stored.losses.length);
  for (const [step, wanted] of stored.losses.entries()) {
    const allowed = band(stored.lossRounding[step] ?? 0, wanted, float);
    near(`step ${step + 1}`, curve[step], wanted, allowed);
  }
}

/**
 * How far a number may be off. Rounding grows with the steps, and at another rate for every run, so
 * PyTorch's float32 is the measure: at most eight times as far from float64 as it has been. The order of
 * sums differs, which moves single values by a few units in the last place (6e-8) from the first step on.
 * In float64 rounding is 2^29 times as fine; the rest is the 1 - βᵗ of PyTorch's Adam, off by 1e-13.
 */
function band(rounding: number, expected: number, float: DType): number {
  const size = Math.max(1, Math.abs(expected));
  return float === "float64" ? rounding * 2 ** -26 + 1e-12 * size : 8 * rounding + 4e-7 * size;
}

function near(what: string, got: number | undefined, wanted: number, allowed: number): void {
  const distance = Math.abs((got ?? Number.NaN) - wanted);
  ensure(
    distance <= allowed,
    `${what}: expected ${wanted}, got ${got} (${distance.toPrecision(2)} off, allowed ${allowed.toPrecision(2)})`,
  );
}

async function trained(
  stored: TrainingCase,
  { backend, prepared }: Bench,
  float: DType,
  steps: number,
): Promise<{ model: Module; curve: number[] }> {
  const model = new Sequential(...stored.network.map((each) => makeLayer(each, backend, float)));
  loadState(model, stored.state, backend, float);
  const batches = stored.batches.map(({ x, target }) => ({
    x: tensorOn(backend, x, float),
    target: tensorOn(backend, target, float),
  }));
  const lossOf = losses[stored.loss];
  ensure(lossOf !== undefined, `there is no loss ${stored.loss}`);
  const optimizer = makeOptimizer(stored.optimizer, model.parameters(), stored.options);
  const schedule = stored.schedule && makeSchedule(optimizer, stored.schedule);
  const descend = prepared((x: Tensor, target: Tensor) => {
    const loss = lossOf([model.forward(x), target], {});
    optimizer.zeroGrad();
    loss.backward();
    if (stored.clipNorm !== undefined) clipGradNorm(model.parameters(), stored.clipNorm);
    if (stored.clipValue !== undefined) clipGradValue(model.parameters(), stored.clipValue);
    optimizer.step();
    return loss.detach();
  });
  const curve: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = batches[step % batches.length];
    ensure(batch !== undefined, "there are no batches");
    const loss = descend(batch.x, batch.target);
    schedule?.step();
    curve.push(Number(await loss.item()));
  }
  return { model, curve };
}
