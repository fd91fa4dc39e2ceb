// Modules, layers, activations and losses.

// Activations
export { Abs } from "./activations/abs.js";
export { ELU } from "./activations/elu.js";
export { Hardtanh, type HardtanhOptions } from "./activations/hardtanh.js";
export { Identity } from "./activations/identity.js";
export { LeakyReLU } from "./activations/leaky-relu.js";
export { LogSoftmax } from "./activations/log-softmax.js";
export { Maxout } from "./activations/maxout.js";
export { PReLU, type PReLUOptions } from "./activations/prelu.js";
export { ReLU } from "./activations/relu.js";
export { Sigmoid } from "./activations/sigmoid.js";
export { Softmax } from "./activations/softmax.js";
export { Softplus } from "./activations/softplus.js";
export { Step } from "./activations/step.js";
export { Tanh } from "./activations/tanh.js";
// Containers
export { type InputsOf, type LayerAt, type OutputOf, Sequential } from "./containers/sequential.js";
// Functions behind the layers
export { type BatchNormOptions, batchNorm } from "./functional/batch-norm.js";
export { type DropoutOptions, dropout } from "./functional/dropout.js";
export { type LayerNormOptions, layerNorm } from "./functional/layer-norm.js";
// Layers
export { AvgPool1d } from "./layers/avg-pool1d.js";
export { AvgPool2d } from "./layers/avg-pool2d.js";
export { BatchNorm1d } from "./layers/batch-norm1d.js";
export { BatchNorm2d } from "./layers/batch-norm2d.js";
export type { BatchNormLayerOptions } from "./layers/batch-normalization.js";
export { Conv1d } from "./layers/conv1d.js";
export { Conv2d } from "./layers/conv2d.js";
export { Conv3d } from "./layers/conv3d.js";
export type { ConvLayerOptions } from "./layers/convolution.js";
export { Dropout } from "./layers/dropout.js";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.js";
export { Flatten } from "./layers/flatten.js";
export { LayerNorm, type LayerNormLayerOptions } from "./layers/layer-norm.js";
export { Linear, type LinearOptions } from "./layers/linear.js";
export { MaxPool1d } from "./layers/max-pool1d.js";
export { MaxPool2d } from "./layers/max-pool2d.js";
export type { ParameterInit, ParameterOptions, WeightOptions } from "./layers/weights.js";
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
export { l1Penalty, l2Penalty } from "./losses/penalties.js";
export type { LossOptions, Reduction } from "./losses/reduction.js";
// Metrics
export { accuracy } from "./metrics/accuracy.js";
// What everything with weights is
export { type AnyModule, Module } from "./module.js";
export { buffer, isBuffer, isParameter, parameter } from "./parameter.js";
export type { LoadOptions, LoadResult, StateDict } from "./state-dict.js";
export { Summary, type SummaryOptions, type SummaryRow, summary } from "./summary.js";
