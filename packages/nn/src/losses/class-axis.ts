// Where the classes are, and what a target must look like, for the losses over classes.

import { DTypeError, ensureTensor, formatShape, ShapeError, type Tensor } from "@chainrule/core";
import { ensureShape } from "../ensure-shape.js";

/** The axis of the classes: [C], [N, C] or [N, C, d1, …]. Throws: {@link ShapeError} for a scalar. */
export function classAxis(op: string, scores: Tensor): 0 | 1 {
  ensureTensor(op, scores);
  if (scores.ndim > 0) return scores.ndim === 1 ? 0 : 1;
  throw new ShapeError(op, "the input must have an axis of classes", {
    expected: "[C], [N, C] or [N, C, d1, …]",
    got: "[]",
  });
}

/** Whether `dtype` is one of class indices. */
export function isIndexDType(target: Tensor): boolean {
  return target.dtype === "int32" || target.dtype === "uint8";
}

/** `target` as int32 class indices, one for every position of `scores` outside `axis`. */
export function asIndices(op: string, scores: Tensor, target: Tensor, axis: number): Tensor {
  ensureTensor(op, target);
  const shape = scores.shape.filter((_, i) => i !== axis);
  if (!isIndexDType(target)) {
    throw new DTypeError(op, "class indices must be integers", {
      expected: `int32 of shape ${formatShape(shape)}`,
      got: `${target.dtype} of shape ${formatShape(target.shape)}`,
      fix: 'Convert indices with astype("int32"); probabilities belong into crossEntropy.',
    });
  }
  ensureShape(
    op,
    target,
    shape,
    "class indices have the shape of the input without the class axis",
  );
  return target.dtype === "int32" ? target : target.astype("int32");
}

/** Throws: {@link ShapeError} unless `weight` is null or holds one factor for each class. */
export function ensureClassWeight(op: string, weight: Tensor, classes: number): void {
  ensureShape(op, weight, [classes], "weight holds one factor for each class");
}
