// He, Zhang, Ren & Sun 2015, "Delving Deep into Rectifiers", https://arxiv.org/abs/1502.01852: for
// networks of ReLU and its relatives.

import { type Tensor, ValueError } from "@chainrule/core";
import { fansOf, gain, type Nonlinearity } from "./fans.js";
import { normalAround } from "./normal.js";
import type { InitOptions } from "./options.js";
import { uniformBetween } from "./uniform.js";

/** What follows the layer, and which direction keeps its variance. */
export interface KaimingOptions extends InitOptions {
  /** The negative slope of the leakyRelu that follows, of no effect for others; default 0. */
  readonly a?: number | undefined;
  /** "fanIn" keeps the variance of activations, "fanOut" of gradients; default "fanIn". */
  readonly mode?: "fanIn" | "fanOut" | undefined;
  /** The nonlinearity that follows; default "leakyRelu" (with a = 0: ReLU). */
  readonly nonlinearity?: Nonlinearity | undefined;
}

/**
 * Draws weights evenly from the interval that keeps the variance through rectifiers.
 *
 * `w ~ U(-b, b)`, `b = gain · √(3 / fan)`
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Units and ranges: with `a: Math.sqrt(5)` b is `1 / √fanIn`, how PyTorch starts a linear layer.
 * Throws: {@link ShapeError} for fewer than two axes, {@link ValueError} for an unknown mode.
 * Source: He et al. 2015, equation 10 (fanIn) and 14 (fanOut), with a uniform distribution.
 *
 * @example
 * kaimingUniform([4, 6]).abs().lessEqual(1).all().itemSync() // => true
 */
export function kaimingUniform(shape: readonly number[], options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * standardDeviation("kaimingUniform", shape, options);
  return uniformBetween("kaimingUniform", shape, -bound, bound, options);
}

/**
 * Draws normally distributed weights with the variance of {@link kaimingUniform}.
 *
 * `w ~ N(0, std²)`, `std = gain / √fan`
 *
 * Shapes: `shape` [out, in] or [out, in, ...kernel].
 * Throws: {@link ShapeError} for fewer than two axes, {@link ValueError} for an unknown mode.
 * Source: He et al. 2015, equation 10 (fanIn) and 14 (fanOut).
 *
 * @example
 * kaimingNormal([4, 6], { nonlinearity: "relu" }).shape // => [4, 6]
 */
export function kaimingNormal(shape: readonly number[], options: KaimingOptions = {}): Tensor {
  const std = standardDeviation("kaimingNormal", shape, options);
  return normalAround("kaimingNormal", shape, 0, std, options);
}

function standardDeviation(op: string, shape: readonly number[], options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  if (mode !== "fanIn" && mode !== "fanOut") {
    throw new ValueError(op, "the mode must name a fan", {
      expected: '"fanIn" or "fanOut"',
      got: JSON.stringify(mode),
    });
  }
  const fan = fansOf(op, shape)[mode];
  // A weight without connections has no elements: any deviation will do, a finite one is valid.
  return gain(nonlinearity, a) / Math.sqrt(Math.max(1, fan));
}
