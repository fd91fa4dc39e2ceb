// Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
// https://proceedings.mlr.press/v9/glorot10a.html: for sigmoid and tanh networks.

import type { Tensor } from "@chainrule/core";
import { fansOf } from "./fans.js";
import { normalAround } from "./normal.js";
import type { InitOptions } from "./options.js";
import { uniformBetween } from "./uniform.js";

/** The scale of Xavier initialization. */
export interface XavierOptions extends InitOptions {
  /** A factor on the standard deviation, e.g. `gain("tanh")`; default 1. */
  readonly gain?: number | undefined;
}

/**
 * Draws weights evenly from the interval that keeps the variances of activations and of gradients
 * about equal.
 *
 * `w ~ U(-b, b)`, `b = gain · √(6 / (fanIn + fanOut))`
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Throws: {@link ShapeError} for fewer than two axes.
 * Source: Glorot & Bengio 2010, equation 16 (normalized initialization).
 *
 * @example
 * xavierUniform([4, 2]).abs().lessEqual(1).all().itemSync() // => true
 */
export function xavierUniform(shape: readonly number[], options: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * standardDeviation("xavierUniform", shape, options);
  return uniformBetween("xavierUniform", shape, -bound, bound, options);
}

/**
 * Draws normally distributed weights with the variance of {@link xavierUniform}.
 *
 * `w ~ N(0, std²)`, `std = gain · √(2 / (fanIn + fanOut))`
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Throws: {@link ShapeError} for fewer than two axes.
 * Source: Glorot & Bengio 2010, equation 12.
 *
 * @example
 * xavierNormal([4, 2], { gain: gain("tanh") }).shape // => [4, 2]
 */
export function xavierNormal(shape: readonly number[], options: XavierOptions = {}): Tensor {
  const std = standardDeviation("xavierNormal", shape, options);
  return normalAround("xavierNormal", shape, 0, std, options);
}

function standardDeviation(op: string, shape: readonly number[], options: XavierOptions): number {
  const { fanIn, fanOut } = fansOf(op, shape);
  // A weight without connections has no elements: any deviation will do, a finite one is valid.
  return (options.gain ?? 1) * Math.sqrt(2 / Math.max(1, fanIn + fanOut));
}
