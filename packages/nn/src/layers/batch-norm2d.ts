import { BatchNormalization, type BatchNormLayerOptions } from "./batch-normalization.js";

/**
 * Normalises every channel over the batch and all pixels.
 *
 * `y = (x - mean) / √(variance + eps) · weight + bias`, see {@link batchNorm}
 *
 * Training uses the statistics of the batch and moves `runningMean` and `runningVar` towards them;
 * evaluation mode uses these. The buffers' names are those of the properties: `runningMean`,
 * `runningVar`, `numBatchesTracked` where PyTorch writes running_mean and so on.
 *
 * Shapes: x [N, C, H, W] → same; all parameters and statistics [C], with C = numFeatures.
 * Throws: {@link ShapeError} for other inputs; {@link ValueError} for a single value per channel in
 * training, and options out of range.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167.
 *
 * @example
 * new BatchNorm2d(1, { eps: 0 }).forward(tensor([[[[1, 3]]]])).arraySync() // => [[[[-1, 1]]]]
 */
export class BatchNorm2d extends BatchNormalization {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super("BatchNorm2d", [2], numFeatures, options);
  }
}
