// Optimizers.

// Descent with a rate for every element
export { Adam, type AdamOptions, type AdamSettings, type AdamState } from "./adam.js";
export { AdamW } from "./adamw.js";
// What they share, and what to extend
export { type GroupOptions, Optimizer, type Params } from "./optimizer.js";
export type { GroupState, OptimizerState } from "./optimizer-state.js";
export type { ParamGroup, Slot, State } from "./param-group.js";
// Descent
export { SGD, type SGDOptions, type SGDSettings } from "./sgd.js";
