import { BatchNormalization, type BatchNormLayerOptions } from "./batch-normalization.js";

/**
 * Normalises every feature over the batch, or every channel over batch and sequence.
 *
 * `y = (x - mean) / √(variance + eps) · weight + bias`, see {@link batchNorm}
 *
 * Training uses the statistics of the batch and moves `runningMean` and `runningVar` towards them;
 * evaluation mode uses these. The buffers' names are those of the properties: `runningMean`,
 * `runningVar`, `numBatchesTracked` where PyTorch writes running_mean and so on.
 *
 * Shapes: x [N, C] or [N, C, L] → same; all parameters and statistics [C], with C = numFeatures.
 * Throws: {@link ShapeError} for other inputs; {@link ValueError} for a single value per channel in
 * training, and options out of range.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167.
 *
 * @example
 * const norm = new BatchNorm1d(2, { eps: 0 });
 * norm.forward(tensor([[1, 10], [3, 30]])).arraySync() // => [[-1, -1], [1, 1]]
 * norm.runningMean?.arraySync() // => [0.2, 2] within 1e-6
 */
export class BatchNorm1d extends BatchNormalization {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super("BatchNorm1d", [0, 1], numFeatures, options);
  }
}
