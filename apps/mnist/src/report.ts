// Progress of a training run: a bar on a terminal, plain lines elsewhere.

import { SingleBar } from "cli-progress";
import { formatCount, formatSeconds, formatShare } from "./format.js";
import type { Measure } from "./meter.js";

/** Where a run stands. */
export interface Progress extends Measure {
  /** The epoch that runs, from 0. */
  readonly epoch: number;
  /** The share of the whole run that is done, 0 to 1. */
  readonly done: number;
  /** Images seen so far. */
  readonly samples: number;
}

/** What {@link train} tells about its progress. */
export interface Reporter {
  /** Whether it is time to look again; reading numbers back is not free. */
  wantsUpdate(): boolean;
  update(progress: Progress): void;
  endEpoch(progress: Progress): void;
  /** Leaves the terminal as it was. May be called twice. */
  close(): void;
}

/** A stream that progress can be written to. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** Makes the reporter that suits `output`, for a run of `epochs` epochs. */
export function createReporter(output: Output, epochs: number): Reporter {
  return output.isTTY ? new BarReporter(output, epochs) : new LineReporter(output, epochs);
}

/** One line per epoch, and one now and then within a long one. */
class LineReporter implements Reporter {
  readonly #output: Output;
  readonly #epochs: number;
  readonly #start = performance.now();
  #last = performance.now();

  constructor(output: Output, epochs: number) {
    this.#output = output;
    this.#epochs = epochs;
  }

  wantsUpdate(): boolean {
    return performance.now() - this.#last > 10_000;
  }

  update(progress: Progress): void {
    this.#last = performance.now();
    const seconds = (this.#last - this.#start) / 1000;
    const name = `epoch ${progress.epoch + 1}/${this.#epochs}`;
    const share = `${Math.floor(epochShare(progress, this.#epochs) * 100)}%`.padStart(4);
    this.#output.write(`${name}  ${share}  ${describe(progress, seconds)}\n`);
  }

  endEpoch(progress: Progress): void {
    this.update(progress);
  }

  close(): void {}
}

/** One bar per epoch; those of past epochs stay on the screen. */
class BarReporter implements Reporter {
  readonly #output: Output;
  readonly #epochs: number;
  readonly #start = performance.now();
  #bar: SingleBar | undefined;
  #last = 0;

  constructor(output: Output, epochs: number) {
    this.#output = output;
    this.#epochs = epochs;
  }

  wantsUpdate(): boolean {
    return performance.now() - this.#last > 100;
  }

  update(progress: Progress): void {
    this.#last = performance.now();
    const seconds = (this.#last - this.#start) / 1000;
    const text = describe(progress, seconds);
    this.#bar ??= this.#open(progress.epoch, text);
    this.#bar.update(Math.floor(epochShare(progress, this.#epochs) * 1000), { text });
  }

  endEpoch(progress: Progress): void {
    this.update(progress);
    this.close();
  }

  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #open(epoch: number, text: string): SingleBar {
    const bar = new SingleBar({
      format: `epoch ${epoch + 1}/${this.#epochs} {bar} {percentage}%  {text}`,
      stream: this.#output,
      // What the words leave of the line; cli-progress cuts what is too long.
      barsize: Math.min(30, Math.max(8, (this.#output.columns ?? 80) - 72)),
      barCompleteChar: "\u2588",
      barIncompleteChar: "\u2591",
      fps: 10,
      // Ctrl-C is ours: the step is finished and the numbers are printed first.
      gracefulExit: false,
    });
    bar.start(1000, 0, { text });
    return bar;
  }
}

/** How much of its epoch is done, 0 to 1. */
function epochShare({ done, epoch }: Progress, epochs: number): number {
  return Math.min(1, Math.max(0, done * epochs - epoch + 1e-9));
}

/** The numbers of a progress in words, `seconds` after the start. */
function describe(progress: Progress, seconds: number): string {
  const left = (seconds * (1 - progress.done)) / progress.done;
  return [
    `${formatCount(progress.samples / seconds)} samples/s`,
    `loss ${progress.loss.toFixed(3)}`,
    `accuracy ${formatShare(progress.accuracy, 1)}`,
    progress.done < 1 ? `ETA ${formatSeconds(left)}` : formatSeconds(seconds),
  ].join("  ");
}
