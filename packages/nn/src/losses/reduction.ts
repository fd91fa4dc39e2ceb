// What all losses share: how the losses of the elements become one number, and the check that
// prediction and target belong together.

import {
  ensureTensor,
  formatShape,
  formatValue,
  ShapeError,
  type Tensor,
  ValueError,
} from "@chainrule/core";

/** "mean" and "sum" give one number, "none" the loss of every element. */
export type Reduction = "mean" | "sum" | "none";

/** The option every loss takes. */
export interface LossOptions {
  /** Default "mean". */
  readonly reduction?: Reduction | undefined;
}

/** The losses of the elements, reduced; "mean" divides by their number. */
export function reduce(op: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  switch (reduction) {
    case "mean":
      return losses.mean();
    case "sum":
      return losses.sum();
    case "none":
      return losses;
    default:
      throw reductionError(op, reduction);
  }
}

/** The losses of the elements, reduced; "mean" divides by the sum of their `weights`. */
export function reduceWeighted(
  op: string,
  losses: Tensor,
  weights: Tensor,
  reduction: Reduction = "mean",
): Tensor {
  if (reduction === "mean") return losses.sum().div(weights.sum());
  return reduce(op, losses, reduction);
}

function reductionError(op: string, reduction: never): ValueError {
  return new ValueError(op, "the reduction must be one of three", {
    expected: '"mean", "sum" or "none"',
    got: formatValue(reduction),
  });
}

/**
 * Throws: {@link ShapeError} unless `input` and `target` have one shape. Broadcasting [n, 1] against
 * [n] would compare every prediction with every target, without a word.
 */
export function ensureSameShape(op: string, input: Tensor, target: Tensor): void {
  ensureTensor(op, input);
  ensureTensor(op, target);
  const a = input.shape;
  const b = target.shape;
  let same = a.length === b.length;
  for (let axis = 0; same && axis < a.length; axis++) same = a[axis] === b[axis];
  if (same) return;
  throw new ShapeError(op, "input and target must have the same shape", {
    expected: formatShape(a),
    got: `target ${formatShape(b)}`,
    fix: remedy(input, target),
  });
}

function remedy(input: Tensor, target: Tensor): string {
  if (input.size === target.size) {
    return `Reshape one of them, e.g. target.reshape([${input.shape.join(", ")}]).`;
  }
  return "Give one target for every element of the input; broadcastTo repeats a target on purpose.";
}
