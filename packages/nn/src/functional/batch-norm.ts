import { assign, formatShape, noGrad, ShapeError, Tensor, ValueError } from "@chainrule/core";
import { ensureShape } from "../ensure-shape.js";
import {
  ensureEps,
  ensureFloat,
  type Moments,
  moments,
  rescale,
  type Statistics,
} from "./moments.js";

/** How {@link batchNorm} normalises, and what it does to the result. */
export interface BatchNormOptions {
  /** A factor for each channel, [C]. */
  readonly weight?: Tensor | null | undefined;
  /** A summand for each channel, [C]. */
  readonly bias?: Tensor | null | undefined;
  /** Whether the batch's own statistics are used, and the running ones moved; default false. */
  readonly training?: boolean | undefined;
  /** How far the running statistics move towards those of the batch; default 0.1. */
  readonly momentum?: number | Tensor | undefined;
  /** Keeps the denominator away from 0; default 1e-5. */
  readonly eps?: number | undefined;
}

/**
 * Gives every channel mean 0 and variance 1, and then a scale and an offset of its own.
 *
 * `y = (x - mean) / √(variance + eps) · weight + bias`
 *
 * In training mean and variance are those of the channel over the batch, the variance divided by n;
 * running statistics, if given, are overwritten by `running + momentum · (batch - running)`, with the
 * variance divided by n - 1. Outside training the running statistics are used.
 *
 * Shapes: x [N, C, ...] → same; `runningMean` and `runningVar` [C], or both null in training.
 * Units and ranges: 0 ≤ momentum ≤ 1, eps ≥ 0.
 * Throws: {@link ShapeError} for other shapes; {@link DTypeError} for ints; {@link ValueError} for
 * options out of range, missing running statistics, and in training for a single value per channel,
 * which has no variance.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167.
 *
 * @example
 * const x = tensor([[1, 10], [3, 30]]);
 * batchNorm(x, null, null, { training: true, eps: 0 }).arraySync() // => [[-1, -1], [1, 1]]
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options;
  ensureEps("batchNorm", eps);
  if (!(momentum instanceof Tensor)) ensureMomentum("batchNorm", momentum);
  const channels = channelsOf(x);
  ensurePerChannel(channels, { runningMean, runningVar, weight, bias });
  const perChannel = [channels, ...x.shape.slice(2).map(() => 1)];
  const align = (each: Tensor): Tensor => each.reshape(perChannel);
  const rescaled = (statistics: Statistics): Tensor =>
    rescale(statistics, eps, weight && align(weight), bias && align(bias));
  if (!training) return rescaled(runningStatistics(x, runningMean, runningVar, align));
  const batch = batchStatistics(x);
  if (x.size > 0) {
    move(runningMean, batch.mean, momentum);
    move(runningVar, batch.unbiased, momentum);
  }
  return rescaled(batch);
}

/** Throws: {@link ValueError} unless 0 ≤ momentum ≤ 1. */
export function ensureMomentum(op: string, momentum: number): void {
  if (momentum >= 0 && momentum <= 1) return;
  throw new ValueError(op, "momentum is how far running statistics move", {
    expected: "0 ≤ momentum ≤ 1",
    got: String(momentum),
  });
}

function channelsOf(x: Tensor): number {
  ensureFloat("batchNorm", x);
  const channels = x.shape[1];
  if (channels !== undefined) return channels;
  throw new ShapeError("batchNorm", "the input must have axes of examples and channels", {
    expected: "[N, C, ...]",
    got: formatShape(x.shape),
    fix: "Add the axis of examples: x.expandDims(0).",
  });
}

function ensurePerChannel(
  channels: number,
  tensors: Readonly<Record<string, Tensor | null>>,
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor !== null) {
      ensureShape("batchNorm", tensor, [channels], `${name} holds one number for each channel`);
    }
  }
}

function batchStatistics(x: Tensor): Moments & { readonly unbiased: Tensor } {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  if (count === 1) {
    throw new ValueError("batchNorm", "one value has no variance", {
      expected: "more than one value per channel in training",
      got: `one, in shape ${formatShape(x.shape)}`,
      fix: "Use larger batches (leave out a last one of one example), or call model.eval().",
    });
  }
  const batch = moments(x, axes);
  return { ...batch, unbiased: batch.variance.detach().mul(count / (count - 1)) };
}

function runningStatistics(
  x: Tensor,
  mean: Tensor | null,
  variance: Tensor | null,
  align: (each: Tensor) => Tensor,
): Statistics {
  if (mean !== null && variance !== null) {
    return { centred: x.sub(align(mean)), variance: align(variance) };
  }
  throw new ValueError("batchNorm", "running statistics are used outside training", {
    expected: "runningMean and runningVar",
    got: "null",
    fix: "Pass { training: true } to use those of the batch.",
  });
}

/** Moves a running statistic towards that of a batch. */
function move(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  if (running === null) return;
  noGrad(() => {
    const step = batch.reshape(running.shape).sub(running).mul(momentum);
    assign(running, running.add(step).astype(running.dtype));
  });
}
