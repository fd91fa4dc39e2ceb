// How the weights move: the update rule, and the learning rate over a run.

import { Adam, type AnyOptimizer, CosineAnnealingLR, type Module, SGD } from "chainrule";

/** The optimizers that can be chosen by name. */
export const optimizerNames = ["adam", "sgd"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** The learning rate of each when none is given. */
export const defaultLr: Readonly<Record<OptimizerName, number>> = { adam: 0.002, sgd: 0.02 };

/** Makes the optimizer called `name` for all weights of `model`. */
export function createOptimizer(name: OptimizerName, model: Module, lr: number): AnyOptimizer {
  switch (name) {
    case "adam":
      return new Adam(model.parameters(), { lr });
    case "sgd":
      return new SGD(model.parameters(), { lr, momentum: 0.9 });
    default:
      return name satisfies never;
  }
}

/** The courses of the learning rate that can be chosen by name. */
export const scheduleNames = ["cosine", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** The schedule called `name` for a run of `steps` steps; undefined for a constant rate. */
export function createScheduler(
  name: ScheduleName,
  optimizer: AnyOptimizer,
  steps: number,
): CosineAnnealingLR | undefined {
  return name === "cosine" ? new CosineAnnealingLR(optimizer, { tMax: steps }) : undefined;
}
