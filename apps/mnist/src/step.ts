// What is done with one batch.

import { type AnyOptimizer, crossEntropy, type Module, type Tensor } from "chainrule";

/** Learns from a batch of images and their digits; gives the loss [] before it, and the logits [n, 10]. */
export type Step = (images: Tensor, labels: Tensor) => { loss: Tensor; logits: Tensor };

/** A step of `optimizer` on `model`; `prepare` turns images as they are stored into what it takes. */
export function trainingStep(
  model: Module,
  optimizer: AnyOptimizer,
  prepare: (images: Tensor) => Tensor,
): Step {
  return (images, labels) => {
    const logits = model.forward(prepare(images));
    const loss = crossEntropy(logits, labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return { loss, logits };
  };
}
