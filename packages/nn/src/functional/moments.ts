// What batch and layer normalisation share.

import { DTypeError, ensureTensor, type Tensor, ValueError } from "@chainrule/core";

/** What normalisation needs: elements minus their mean, and a variance that broadcasts with them. */
export interface Statistics {
  readonly centred: Tensor;
  readonly variance: Tensor;
}

/** Statistics of the elements themselves, with extent 1 at the axes they were taken over. */
export interface Moments extends Statistics {
  readonly mean: Tensor;
}

/**
 * Mean and variance (divided by n) of `x` over `axes`, in two passes: nothing cancels where the mean
 * is large.
 */
export function moments(x: Tensor, axes: readonly number[]): Moments {
  const mean = x.mean(axes, { keepdims: true });
  const centred = x.sub(mean);
  return { centred, mean, variance: centred.square().mean(axes, { keepdims: true }) };
}

/** `centred / √(variance + eps) · weight + bias`; what is null is left out. */
export function rescale(
  { centred, variance }: Statistics,
  eps: number,
  weight: Tensor | null,
  bias: Tensor | null,
): Tensor {
  const deviation = variance.add(eps).sqrt();
  const y = weight === null ? centred.div(deviation) : centred.mul(weight.div(deviation));
  return bias === null ? y : y.add(bias);
}

/** Throws: {@link DTypeError} unless `x` is a float tensor. */
export function ensureFloat(op: string, x: Tensor): void {
  ensureTensor(op, x);
  if (x.dtype.startsWith("float")) return;
  throw new DTypeError(op, "normalised elements are not whole", {
    expected: "a float tensor",
    got: x.dtype,
    fix: 'Convert with astype("float32").',
  });
}

/** Throws: {@link ValueError} unless `eps` is finite and not negative. */
export function ensureEps(op: string, eps: number): void {
  if (eps >= 0 && Number.isFinite(eps)) return;
  throw new ValueError(op, "eps keeps the variance away from 0", {
    expected: "a finite number ≥ 0",
    got: String(eps),
  });
}
