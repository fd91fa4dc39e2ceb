// The whole suite: storage, kernels, and the cases of every operation.

import { cases } from "./cases/index.js";
import type { Check } from "./check.js";
import { kernelChecks } from "./tiers/kernels.js";
import { storageChecks } from "./tiers/storage.js";

/** Every check there is, by tier within each topic. */
export function allChecks(): Check[] {
  return [...storageChecks(), ...kernelChecks(), ...cases.flatMap((each) => each.checks)];
}
