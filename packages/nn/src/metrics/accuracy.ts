import { ensureTensor, formatShape, ShapeError, type Tensor } from "@chainrule/core";
import { asIndices } from "../losses/class-axis.js";
import { ensureSameShape } from "../losses/reduction.js";

/**
 * The share of examples that logits classify right.
 *
 * `mean(argmax_c x[n, c] = y[n])`, or for one yes-or-no logit per example `mean((x[n] > 0) = (y[n] > ½))`
 *
 * Shapes: `logits` x [N, C] or [N, C, d1, …] with class indices y, int32 or uint8, of that shape without
 * C; or x [N, 1] with y [N, 1] of any dtype → [], float32.
 * Units and ranges: logits as {@link crossEntropy} and {@link bceWithLogits} take them. A softmax in front
 * changes nothing, a sigmoid does: x > 0 is σ(x) > ½. Of equal logits the first counts.
 * Throws: {@link ShapeError}, {@link DTypeError} when the target does not fit.
 *
 * @example
 * const target = tensor([1, 0], { dtype: "int32" });
 * accuracy(tensor([[0.1, 2], [1, 3]]), target).itemSync() // => 0.5
 * accuracy(tensor([[2], [-1]]), tensor([[1], [0]])).itemSync() // => 1
 */
export function accuracy(logits: Tensor, target: Tensor): Tensor {
  return isRight(logits, target).astype("float32").mean();
}

function isRight(logits: Tensor, target: Tensor): Tensor {
  ensureTensor("accuracy", logits);
  const { shape } = logits;
  if (shape.length < 2) throw examplesError(shape);
  if (shape.length > 2 || shape[1] !== 1) {
    return logits.argmax(1).equal(asIndices("accuracy", logits, target, 1));
  }
  ensureSameShape("accuracy", logits, target);
  return logits.greater(0).equal(target.greater(0.5));
}

function examplesError(shape: readonly number[]): ShapeError {
  return new ShapeError("accuracy", "logits have axes of examples and classes", {
    expected: "[N, C], or [N, 1] for yes or no",
    got: formatShape(shape),
    fix: "Use expandDims(1) on one logit per example, expandDims(0) on the logits of one example.",
  });
}
