import { noGrad, type Tensor } from "chainrule";

/** Loss and share of right answers over some training steps. */
export interface Measure {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Adds up loss and right answers where the tensors live, so that a step need not wait for numbers to
 * be read back.
 */
export class Meter {
  #loss: Tensor | undefined;
  #right: Tensor | undefined;
  #steps = 0;
  #samples = 0;
  // Where the sums stood at the last reading.
  #readLoss = 0;
  #readSteps = 0;
  #smoothed: number | undefined;

  /** Counts one step: its mean loss [], logits [n, 10] and labels [n]. */
  add(loss: Tensor, logits: Tensor, labels: Tensor): void {
    noGrad(() => {
      const right = logits.argmax(1).equal(labels).sum();
      this.#loss = this.#loss?.add(loss) ?? loss.detach();
      this.#right = this.#right?.add(right) ?? right;
    });
    this.#steps += 1;
    this.#samples += labels.size;
  }

  /** The mean loss and accuracy over all steps; NaN before the first one. */
  async mean(): Promise<Measure> {
    const [loss, right] = await this.#sums();
    return { loss: loss / this.#steps, accuracy: right / this.#samples };
  }

  /** The same with a loss that follows the recent steps, smoothed for the eye. */
  async smoothed(): Promise<Measure> {
    const steps = this.#steps;
    const [loss, right] = await this.#sums();
    // The mean over the steps since the last reading; the more of them, the more it counts.
    const since = steps - this.#readSteps;
    const recent = (loss - this.#readLoss) / since;
    const kept = 0.99 ** since;
    this.#smoothed = kept * (this.#smoothed ?? recent) + (1 - kept) * recent;
    this.#readLoss = loss;
    this.#readSteps = steps;
    return { loss: this.#smoothed, accuracy: right / this.#samples };
  }

  async #sums(): Promise<[loss: number, right: number]> {
    const [loss, right] = await Promise.all([this.#loss?.item(), this.#right?.item()]);
    return [Number(loss), Number(right)];
  }
}
