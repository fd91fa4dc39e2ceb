// `backward()`: gradients of one result accumulate in the leaves it was computed from.

import { disposedError } from "../engine/apply.js";
import { makeTensor } from "../engine/tensor-class.js";
import { GradientError } from "../errors.js";
import { add } from "../ops/elementwise/add.js";
import { contiguous } from "../ops/elementwise/contiguous.js";
import { copy } from "../ops/elementwise/copy.js";
import type { Tensor } from "../tensor/tensor.js";
import { seedFor, type WalkOptions, walkBackward } from "./backward.js";
import { Node } from "./node.js";

/** How {@link backward} starts and what it keeps. */
export interface BackwardOptions extends WalkOptions {
  /** The gradient of the final scalar with respect to the result; 1 by default. */
  readonly gradient?: Tensor | undefined;
}

/**
 * Computes the gradients of `result` with respect to every leaf that requires one, and adds them to
 * the leaves' `grad`.
 *
 * Throws: GradientError when `result` requires no gradient, has more than one element and no
 * `gradient` is given, or its graph was released by an earlier pass.
 *
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * x.square().sum().backward();
 * x.grad // => [6]
 */
export function backward(result: Tensor, options: BackwardOptions = {}): void {
  if (result.disposed) throw disposedError("backward");
  const seed = seedFor("backward", result, options.gradient);
  // Gradients that the caller, or a leaf, holds already: another leaf must not hold the same.
  const held = new Set<Tensor>([seed]);
  const accumulate = (leaf: Tensor | Node, gradient: Tensor): void => {
    if (leaf instanceof Node) return;
    if (leaf.storage.device !== gradient.storage.device) throw movedError(leaf, gradient);
    if (leaf.grad !== null) leaf.grad = add(leaf.grad, gradient);
    else leaf.grad = held.has(gradient) || gradient.storage.viewers > 1 ? own(gradient) : gradient;
    held.add(gradient);
  };
  walkBackward(result, seed, undefined, accumulate, options);
}

/**
 * A tensor with a storage of its own, so that assigning to one leaf's gradient leaves the others
 * alone. The buffer stays shared, except for a recorded one.
 */
function own(gradient: Tensor): Tensor {
  if (gradient.node !== null) return copy(gradient);
  const { storage, layout, offset } = contiguous(gradient);
  return makeTensor(storage.share(), layout, offset);
}

function movedError(leaf: Tensor, gradient: Tensor): GradientError {
  return new GradientError("backward", "leaves must be where they were used", {
    expected: `a leaf on "${gradient.backend.name}"`,
    got: `one that was moved to "${leaf.backend.name}"`,
    fix: "Compute the result again.",
  });
}
