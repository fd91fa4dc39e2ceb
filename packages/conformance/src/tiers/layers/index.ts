// Tier 4: what networks are made of, against stored results of PyTorch.

import type { Check } from "../../check.js";
import { clipGradChecks } from "./clip-grad.js";
import { initializerChecks } from "./initializers.js";
import { layerChecks } from "./layers.js";
import { lossChecks } from "./losses.js";
import { optimizerChecks } from "./optimizers.js";
import { schedulerChecks } from "./schedulers.js";

/** The checks of layers, losses, initializers, optimizers, schedules and limits. */
export function learningChecks(): Check[] {
  return [
    ...layerChecks(),
    ...lossChecks(),
    ...initializerChecks(),
    ...optimizerChecks(),
    ...schedulerChecks(),
    ...clipGradChecks(),
  ];
}
