// The training loop, written out.

import type { CosineAnnealingLR, Module, Tensor } from "chainrule";
import { Meter } from "./meter.js";
import type { Reporter } from "./report.js";
import type { Step } from "./step.js";

/** Batches of images and their digits, gone through once per epoch. */
export interface Batches extends AsyncIterable<readonly [images: Tensor, labels: Tensor]> {
  /** Steps per epoch. */
  readonly length: number;
}

/** What a run trains, and for how long. */
export interface TrainOptions {
  readonly model: Module;
  readonly step: Step;
  /** Sets the learning rate after every step; none leaves it as it is. */
  readonly scheduler?: CosineAnnealingLR | undefined;
  readonly batches: Batches;
  readonly epochs: number;
  readonly reporter: Reporter;
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run came to. */
export interface TrainResult {
  /** Epochs done; a fraction when the run was stopped. */
  readonly epochs: number;
  /** Images seen. */
  readonly samples: number;
  readonly seconds: number;
  /** Mean training loss of the last epoch. */
  readonly loss: number;
}

/** Trains `model`, telling `reporter` how it goes; stops early when the loss is no number any more. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { model, step, scheduler, batches, epochs, reporter, signal } = options;
  const start = performance.now();
  const stopped = (): boolean => signal?.aborted ?? false;
  let samples = 0;
  let steps = 0;
  let loss = Number.NaN;

  model.train();
  for (let epoch = 0; epoch < epochs && !stopped(); epoch++) {
    const meter = new Meter();
    for await (const [images, labels] of batches) {
      const { loss: batchLoss, logits } = step(images, labels);
      scheduler?.step();

      meter.add(batchLoss, logits, labels);
      samples += labels.size;
      steps += 1;
      if (stopped()) break;
      // Reading waits for the device: only as often as someone looks. The end of an epoch follows.
      if (steps % batches.length !== 0 && reporter.wantsUpdate()) {
        const measure = await meter.smoothed();
        reporter.update({ epoch, done: steps / (batches.length * epochs), samples, ...measure });
        if (!Number.isFinite(measure.loss)) break;
      }
    }
    const whole = await meter.mean();
    loss = whole.loss;
    reporter.endEpoch({ epoch, done: steps / (batches.length * epochs), samples, ...whole });
    if (!Number.isFinite(loss)) break;
  }

  const seconds = (performance.now() - start) / 1000;
  return { epochs: steps / batches.length, samples, seconds, loss };
}
