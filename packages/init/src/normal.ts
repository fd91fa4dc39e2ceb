import { standardNormal, type Tensor, ValueError } from "@chainrule/core";
import { fill, type InitOptions } from "./options.js";

/** The bell curve of {@link normal}. */
export interface NormalOptions extends InitOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** The standard deviation, not the variance; default 1. */
  readonly std?: number | undefined;
}

/**
 * Fills a new tensor with normally distributed numbers.
 *
 * `x ~ N(mean, std²)`
 *
 * Computed on the host in float64 and rounded once: one seed gives the same bits on every engine.
 *
 * Throws: {@link ValueError} unless `mean` and `std` are finite and `std` ≥ 0.
 *
 * @example
 * normal([2, 3], { std: 0.01, generator: new Generator(0) }).shape // => [2, 3]
 */
export function normal(shape: readonly number[], options: NormalOptions = {}): Tensor {
  const { mean = 0, std = 1 } = options;
  return normalAround("normal", shape, mean, std, options);
}

/** The work of {@link normal} and its relatives, with errors in the name of `op`. */
export function normalAround(
  op: string,
  shape: readonly number[],
  mean: number,
  std: number,
  options: InitOptions,
): Tensor {
  ensureBell(op, mean, std);
  return fill(op, shape, options, (size, generator) =>
    standardNormal(generator, size).map((z) => mean + std * z),
  );
}

/** Throws: {@link ValueError} unless `mean` and `std` are finite and `std` ≥ 0. */
export function ensureBell(op: string, mean: number, std: number): void {
  if (Number.isFinite(mean) && Number.isFinite(std) && std >= 0) return;
  throw new ValueError(op, "mean and standard deviation must be finite", {
    expected: "std ≥ 0",
    got: `mean ${mean} and std ${std}`,
  });
}
