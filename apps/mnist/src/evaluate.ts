import { type Module, noGrad, type Tensor } from "chainrule";

/** How a trained model does on images it has not seen. */
export interface Evaluation {
  /** Share of right answers, 0 to 1. */
  readonly accuracy: number;
  /** Images of digit `row` that were taken for digit `column`. */
  readonly confusion: readonly (readonly number[])[];
}

/** Lets `model` guess every image and counts. Ctrl-C and pages get a turn between batches. */
export async function evaluate(
  model: Module,
  batches: AsyncIterable<readonly [images: Tensor, labels: Tensor]>,
  prepare: (images: Tensor) => Tensor,
): Promise<Evaluation> {
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  model.eval();
  for await (const [images, labels] of batches) {
    const guesses = noGrad(() => model.forward(prepare(images)).argmax(1));
    const [guessed, actual] = await Promise.all([guesses.data(), labels.data()]);
    actual.forEach((digit, i) => {
      const row = confusion[digit] ?? [];
      const guess = guessed[i] ?? 0;
      row[guess] = (row[guess] ?? 0) + 1;
    });
  }
  model.train();
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, digit) => sum + (row[digit] ?? 0), 0);
  return { accuracy: total === 0 ? Number.NaN : right / total, confusion };
}
