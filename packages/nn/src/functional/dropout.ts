import {
  bernoulli,
  ensureTensor,
  type Generator,
  type Tensor,
  ValueError,
  where,
} from "@chainrule/core";

/** When and from what elements are dropped. */
export interface DropoutOptions {
  /** Whether elements are dropped at all; default true. */
  readonly training?: boolean | undefined;
  /** The source of the mask; default: the generator seeded by `manualSeed`. */
  readonly generator?: Generator | undefined;
}

/**
 * Sets each element to zero with probability `p` and divides the others by 1 - p, so that the
 * expected value stays the same (inverted dropout). Outside training it returns `x` itself.
 *
 * `y = x · m / (1 - p)`, m drawn from {0, 1} with P(m = 0) = p, anew in every call
 *
 * Units and ranges: 0 ≤ p ≤ 1; p = 1 gives zeros.
 * Throws: {@link ValueError} for other p.
 * Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html, scaled in training
 * instead of in testing.
 *
 * @example
 * dropout(ones([3]), 1).arraySync() // => [0, 0, 0]
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  ensureTensor("dropout", x);
  ensureProbability("dropout", p);
  const { training = true, generator } = options;
  if (!training || p === 0) return x;
  const keep = bernoulli(1 - p, x.shape, { generator, backend: x.backend });
  // A choice, not a product: a dropped element is zero even if it was infinite.
  return where(keep, p === 1 ? x : x.div(1 - p), 0);
}

/** Throws: {@link ValueError} unless 0 ≤ p ≤ 1. */
export function ensureProbability(op: string, p: number): void {
  if (p >= 0 && p <= 1) return;
  throw new ValueError(op, "p is the probability that an element is dropped", {
    expected: "0 ≤ p ≤ 1",
    got: String(p),
  });
}
