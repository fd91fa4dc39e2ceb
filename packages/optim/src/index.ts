// Optimizers, schedules of their learning rates, and limits for gradients.

// Descent

export { SGD, type SGDOptions, type SGDSettings } from "./sgd.js";

// Descent with a rate for every element

export { Adam, type AdamOptions, type AdamSettings, type AdamState } from "./adam.js";
export { AdamW } from "./adamw.js";

// What optimizers share, and what to extend

export { type AnyOptimizer, type GroupOptions, Optimizer, type Params } from "./optimizer.js";
export type { GroupState, OptimizerState } from "./optimizer-state.js";
export type { ParamGroup, Slot, State } from "./param-group.js";

// Learning rates along a schedule, and what to extend

export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  type CosineAnnealingLRSettings,
} from "./schedulers/cosine-annealing-lr.js";
export { LRScheduler, type LRSchedulerState } from "./schedulers/lr-scheduler.js";
export { StepLR, type StepLROptions, type StepLRSettings } from "./schedulers/step-lr.js";

// Limits for gradients

export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from "./clip-grad.js";
