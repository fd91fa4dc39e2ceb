import { standardNormal, type Tensor, ValueError } from "@chainrule/core";
import { ensureBell, type NormalOptions } from "./normal.js";
import { fill } from "./options.js";

/** The bell curve of {@link truncatedNormal} and where it is cut off. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** The lower bound, a value and not a number of deviations; default -2. */
  readonly low?: number | undefined;
  /** The upper bound; default 2. */
  readonly high?: number | undefined;
}

/** The least share of the bell curve that must lie within the bounds. */
const leastShare = 0.01;

/**
 * Fills a new tensor with normally distributed numbers that lie between two bounds.
 *
 * `x ~ N(mean, std²)`, given that `low ≤ x ≤ high`
 *
 * Units and ranges: the bounds are absolute, as in PyTorch: for two deviations around 0 pass
 * `low: -2 * std, high: 2 * std`. They may be infinite, and elements may leave them by their rounding.
 * The deviation of x is less than `std`: 0.88 of it for bounds at two deviations.
 *
 * Numbers outside are drawn again, round after round as many as are missing, by the arithmetic of
 * `normal`: one seed gives the same bits on every engine, and how far the generator moves depends on
 * the numbers.
 *
 * Throws: {@link ValueError} unless `low` < `high`, mean and std are finite, std > 0, and the bounds hold
 * at least 1 % of the bell curve.
 *
 * @example
 * const weight = truncatedNormal([64, 32], { std: 0.02, low: -0.04, high: 0.04 });
 * weight.abs().lessEqual(0.04).all().itemSync() // => true
 */
export function truncatedNormal(
  shape: readonly number[],
  options: TruncatedNormalOptions = {},
): Tensor {
  const { mean = 0, std = 1, low = -2, high = 2 } = options;
  ensureBell("truncatedNormal", mean, std);
  ensureBounds(mean, std, low, high);
  return fill("truncatedNormal", shape, options, (size, generator) => {
    const values = new Float64Array(size);
    let filled = 0;
    while (filled < size) {
      for (const z of standardNormal(generator, size - filled)) {
        const x = mean + std * z;
        if (x >= low && x <= high) values[filled++] = x;
      }
    }
    return values;
  });
}

function ensureBounds(mean: number, std: number, low: number, high: number): void {
  if (!(low < high && std > 0)) {
    throw new ValueError("truncatedNormal", "there must be something between the bounds", {
      expected: "low < high and std > 0",
      got: `low ${low}, high ${high} and std ${std}`,
    });
  }
  const share = shareBetween((low - mean) / std, (high - mean) / std);
  if (share >= leastShare) return;
  throw new ValueError("truncatedNormal", "the bounds must hold enough of the bell curve", {
    expected: `at least ${100 * leastShare} % of N(${mean}, ${std}²)`,
    got: `${(100 * share).toPrecision(2)} % between ${low} and ${high}`,
    fix: "Bounds are values, not deviations. Between narrow ones uniform(shape, { low, high }) is about the same.",
  });
}

/** The share of the standard normal distribution between two numbers, to four digits. */
function shareBetween(low: number, high: number): number {
  const from = Math.max(low, -8);
  const width = Math.min(high, 8) - from;
  if (width <= 0) return 0;
  const cells = 500;
  let sum = 0;
  for (let i = 0; i < cells; i++) {
    const z = from + (width * (i + 0.5)) / cells;
    sum += Math.exp(-0.5 * z * z);
  }
  return (sum * width) / (cells * Math.sqrt(2 * Math.PI));
}
