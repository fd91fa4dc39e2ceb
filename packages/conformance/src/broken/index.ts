// Backends that are wrong in one known way each. The suite must fail every one of them: a suite that
// passes them checks nothing.

import type { BrokenBackend } from "./broken-backend.js";
import { addressFaults } from "./faults/addresses.js";
import { arithmeticFaults } from "./faults/arithmetic.js";
import { enduranceFaults } from "./faults/endurance.js";
import { lifetimeFaults } from "./faults/lifetime.js";
import { memoryFaults } from "./faults/memory.js";
import { overrideFaults } from "./faults/overrides.js";
import { programFaults } from "./faults/programs.js";
import { reductionFaults } from "./faults/reductions.js";

export type { BrokenBackend } from "./broken-backend.js";

/** All broken backends. */
export const brokenBackends: readonly BrokenBackend[] = [
  ...memoryFaults,
  ...addressFaults,
  ...reductionFaults,
  ...arithmeticFaults,
  ...overrideFaults,
  ...lifetimeFaults,
  ...enduranceFaults,
  ...programFaults,
];
