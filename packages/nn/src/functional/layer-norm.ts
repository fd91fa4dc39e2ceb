import { formatShape, ShapeError, type Tensor } from "@chainrule/core";
import { ensureShape } from "../ensure-shape.js";
import { ensureEps, ensureFloat, moments, rescale } from "./moments.js";

/** What {@link layerNorm} does to the normalised elements. */
export interface LayerNormOptions {
  /** A factor for each normalised element. */
  readonly weight?: Tensor | null | undefined;
  /** A summand for each normalised element. */
  readonly bias?: Tensor | null | undefined;
  /** Keeps the denominator away from 0; default 1e-5. */
  readonly eps?: number | undefined;
}

/**
 * Gives every example mean 0 and variance 1 over its last axes, whatever the rest of the batch is.
 *
 * `y = (x - mean) / √(variance + eps) · weight + bias`, the variance divided by n
 *
 * Shapes: x [..., ...normalizedShape] → same; `weight` and `bias` normalizedShape.
 * Units and ranges: eps ≥ 0. A number for `normalizedShape` is that of the last axis.
 * Throws: {@link ShapeError} when x does not end in normalizedShape, or that is empty;
 * {@link DTypeError} for ints; {@link ValueError} for other eps.
 * Source: Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450.
 *
 * @example
 * layerNorm(tensor([[1, 3], [10, 30]]), 2, { eps: 0 }).arraySync() // => [[-1, 1], [-1, 1]]
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  options: LayerNormOptions = {},
): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  ensureEps("layerNorm", eps);
  ensureFloat("layerNorm", x);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  ensureEndsIn(x.shape, shape);
  for (const each of [weight, bias]) {
    if (each !== null) {
      ensureShape("layerNorm", each, shape, "weight and bias have the normalised shape");
    }
  }
  const last = shape.map((_, axis) => axis - shape.length);
  return rescale(moments(x, last), eps, weight, bias);
}

function ensureEndsIn(shape: readonly number[], end: readonly number[]): void {
  const from = shape.length - end.length;
  if (end.length > 0 && from >= 0 && end.every((n, axis) => n === shape[from + axis])) return;
  throw new ShapeError("layerNorm", "the input must end in the normalised shape", {
    expected: end.length === 0 ? "at least one normalised axis" : `[..., ${end.join(", ")}]`,
    got: formatShape(shape),
    fix: "normalizedShape names the last axes without the batch, e.g. x.shape.slice(1).",
  });
}
