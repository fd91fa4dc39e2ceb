// Modules, layers, activations and losses.

// Activations
export { Identity } from "./activations/identity.js";
export { ReLU } from "./activations/relu.js";
export { Sigmoid } from "./activations/sigmoid.js";
export { Softmax } from "./activations/softmax.js";
export { Tanh } from "./activations/tanh.js";
// Containers
export { type InputsOf, type LayerAt, type OutputOf, Sequential } from "./containers/sequential.js";
// Functions behind the layers
export { type DropoutOptions, dropout } from "./functional/dropout.js";
// Layers
export { Dropout } from "./layers/dropout.js";
export { Flatten } from "./layers/flatten.js";
export { Linear, type LinearOptions } from "./layers/linear.js";
// Losses
export { BCELoss, type BCEOptions, bce } from "./losses/bce.js";
export {
  BCEWithLogitsLoss,
  type BCEWithLogitsOptions,
  bceWithLogits,
} from "./losses/bce-with-logits.js";
export {
  CrossEntropyLoss,
  type CrossEntropyOptions,
  crossEntropy,
} from "./losses/cross-entropy.js";
export { MSELoss, mse } from "./losses/mse.js";
export { NLLLoss, type NLLOptions, nll } from "./losses/nll.js";
export type { LossOptions, Reduction } from "./losses/reduction.js";
// What everything with weights is
export { type AnyModule, Module } from "./module.js";
export { buffer, isBuffer, isParameter, parameter } from "./parameter.js";
export type { LoadOptions, LoadResult, StateDict } from "./state-dict.js";
export { Summary, type SummaryOptions, type SummaryRow, summary } from "./summary.js";
