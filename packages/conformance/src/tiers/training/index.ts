// Trainings against stored results of PyTorch (tiers 4 and 5) and against the shipped interpreter (5).

import type { Check } from "../../check.js";
import { networkChecks } from "./networks.js";
import { sameCurveChecks } from "./same-curve.js";
import { sameSeedChecks } from "./same-seed.js";

/** The checks of trainings and of what follows from a seed. */
export function trainingChecks(): Check[] {
  return [...networkChecks(), ...sameSeedChecks(), ...sameCurveChecks()];
}
