import { type Tensor, ValueError } from "@chainrule/core";
import { fill, type InitOptions } from "./options.js";

/** The interval of {@link uniform}. */
export interface UniformOptions extends InitOptions {
  /** The lower end, included; default 0. */
  readonly low?: number | undefined;
  /** The upper end, excluded up to rounding; default 1. */
  readonly high?: number | undefined;
}

/**
 * Fills a new tensor with numbers drawn evenly from an interval.
 *
 * `x ~ U(low, high)`
 *
 * Throws: {@link ValueError} unless `low` ≤ `high` are finite.
 *
 * @example
 * uniform([2, 3], { low: -0.1, high: 0.1, generator: new Generator(0) }).shape // => [2, 3]
 */
export function uniform(shape: readonly number[], options: UniformOptions = {}): Tensor {
  const { low = 0, high = 1 } = options;
  return uniformBetween("uniform", shape, low, high, options);
}

/** The work of {@link uniform} and its relatives, with errors in the name of `op`. */
export function uniformBetween(
  op: string,
  shape: readonly number[],
  low: number,
  high: number,
  options: InitOptions,
): Tensor {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new ValueError(op, "the interval must be finite and not reversed", {
      expected: "low ≤ high",
      got: `low ${low} and high ${high}`,
    });
  }
  return fill(op, shape, options, (size, generator) =>
    Float64Array.from(generator.uniform(size), (u) => low + (high - low) * u),
  );
}
