// LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", section 4.6: the variance of a sum of fanIn
// inputs stays that of one input. For units that are about linear at 0, and for SELU (Klambauer et al.
// 2017, "Self-Normalizing Neural Networks", https://arxiv.org/abs/1706.02515).

import type { Tensor } from "@chainrule/core";
import { fansOf } from "./fans.js";
import { normalAround } from "./normal.js";
import type { InitOptions } from "./options.js";
import { uniformBetween } from "./uniform.js";

/**
 * Draws weights evenly from the interval that keeps the variance through linear units.
 *
 * `w ~ U(-b, b)`, `b = √(3 / fanIn)`
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Throws: {@link ShapeError} for fewer than two axes.
 * Source: LeCun et al. 1998, equation 16, with a uniform distribution.
 *
 * @example
 * lecunUniform([4, 3]).abs().lessEqual(1).all().itemSync() // => true
 */
export function lecunUniform(shape: readonly number[], options: InitOptions = {}): Tensor {
  const bound = Math.sqrt(3) * standardDeviation("lecunUniform", shape);
  return uniformBetween("lecunUniform", shape, -bound, bound, options);
}

/**
 * Draws normally distributed weights with the variance of {@link lecunUniform}.
 *
 * `w ~ N(0, std²)`, `std = 1 / √fanIn`
 *
 * The whole bell curve, as `kaimingNormal` with `nonlinearity: "linear"`; Keras and Flax cut off its
 * tails under this name.
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Throws: {@link ShapeError} for fewer than two axes.
 * Source: LeCun et al. 1998, equation 16.
 *
 * @example
 * lecunNormal([4, 3]).shape // => [4, 3]
 */
export function lecunNormal(shape: readonly number[], options: InitOptions = {}): Tensor {
  return normalAround("lecunNormal", shape, 0, standardDeviation("lecunNormal", shape), options);
}

function standardDeviation(op: string, shape: readonly number[]): number {
  // A weight without connections has no elements: any deviation will do, a finite one is valid.
  return 1 / Math.sqrt(Math.max(1, fansOf(op, shape).fanIn));
}
