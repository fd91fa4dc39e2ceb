// The whole suite: memory, kernels, the cases of every operation, and what is learned with them.

import { bothWays } from "./both-ways.js";
import { cases } from "./cases/index.js";
import type { Check } from "./check.js";
import { concurrencyChecks } from "./tiers/concurrency.js";
import { deviceLossChecks } from "./tiers/device-loss.js";
import { kernelChecks } from "./tiers/kernels.js";
import { largeChecks } from "./tiers/large.js";
import { learningChecks } from "./tiers/layers/index.js";
import { leakChecks } from "./tiers/leaks.js";
import { overrideChecks } from "./tiers/overrides.js";
import { programChecks } from "./tiers/programs.js";
import { storageChecks } from "./tiers/storage.js";
import { swapChecks } from "./tiers/swap.js";
import { trainingChecks } from "./tiers/training/index.js";
import { wideIntChecks } from "./tiers/wide-ints.js";

/** Every check there is, by tier within each topic; what can be compiled in both ways. */
export function allChecks(): Check[] {
  return [
    ...storageChecks(),
    ...kernelChecks(),
    ...largeChecks(),
    ...wideIntChecks(),
    ...cases.flatMap((each) => each.checks),
    ...overrideChecks(cases),
    ...learningChecks(),
    ...trainingChecks(),
    ...leakChecks(),
    ...concurrencyChecks(),
    ...swapChecks(),
    ...programChecks(),
    ...deviceLossChecks(),
  ].flatMap(bothWays);
}
