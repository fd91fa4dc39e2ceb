import {
  DataError,
  formatShape,
  ShapeError,
  Tensor,
  type TypedArray,
  tensor,
} from "@chainrule/core";
import { type Column, type HostArray, rowsOf, toHost } from "./host-array.js";

/** How {@link standardize} measures. */
export interface StandardizeOptions {
  /** One mean and deviation for each number of a row (default: one for all numbers together). */
  readonly perFeature?: boolean | undefined;
}

/**
 * Shifts and scales data by fixed numbers, so that training, test and later inputs are all treated
 * alike.
 *
 * `y = (x - mean) / std`
 *
 * Shapes: `mean` and `std` hold one number, or one per number of a row of `x`.
 * Throws: {@link DataError} when a deviation is not a positive number.
 */
export class Standardizer {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** The shape of a row that `mean` and `std` were measured for; [] when they hold for every number. */
  readonly rowShape: readonly number[];

  constructor(mean: ArrayLike<number>, std: ArrayLike<number>, rowShape: readonly number[] = []) {
    this.mean = Float64Array.from(mean);
    this.std = Float64Array.from(std);
    this.rowShape = rowShape;
    const size = rowShape.reduce((product, extent) => product * extent, 1);
    const usable = this.mean.every(Number.isFinite) && this.std.every((s) => s > 0 && s < Infinity);
    if (usable && this.mean.length === size && this.std.length === size) return;
    throw new DataError("Standardizer", "means must be finite and deviations positive", {
      expected: `${size} of each for rows of shape ${formatShape(rowShape)}`,
      got: `${this.mean.length} means and ${this.std.length} deviations`,
      fix: "Give a constant feature the deviation 1.",
    });
  }

  /**
   * Returns the standardised numbers: a float tensor for a tensor, on its backend and open to
   * gradients; float32 for a host array.
   *
   * Throws: {@link ShapeError} when rows have another shape than those measured.
   */
  apply(x: Tensor): Tensor;
  apply(x: HostArray): HostArray<Float32Array>;
  apply(x: Tensor | HostArray): Tensor | HostArray<Float32Array> {
    this.#checkRows(x.shape);
    return x instanceof Tensor ? this.#applyTensor(x) : this.#applyHost(x);
  }

  #applyTensor(x: Tensor): Tensor {
    const dtype = x.dtype === "float64" || x.dtype === "float16" ? x.dtype : "float32";
    const numbers = x.astype(dtype);
    const [mean, std] = [this.mean[0], this.std[0]];
    if (this.rowShape.length === 0 && mean !== undefined && std !== undefined) {
      return numbers.sub(mean).div(std); // numbers in a kernel cost less than tensors of one element
    }
    const options = { dtype, backend: x.backend, shape: this.rowShape } as const;
    return numbers.sub(tensor(this.mean, options)).div(tensor(this.std, options));
  }

  #applyHost({ data, shape }: HostArray): HostArray<Float32Array> {
    const out = new Float32Array(data.length);
    const { mean, std } = this;
    const period = mean.length;
    let feature = 0;
    for (let i = 0; i < out.length; i++) {
      out[i] = ((data[i] ?? 0) - (mean[feature] ?? 0)) / (std[feature] ?? 1);
      if (++feature === period) feature = 0;
    }
    return { data: out, shape };
  }

  #checkRows(shape: readonly number[]): void {
    if (this.rowShape.length === 0 || shape.slice(1).join() === this.rowShape.join()) return;
    throw new ShapeError("Standardizer.apply", "rows must be like those measured", {
      expected: `[n, ${this.rowShape.join(", ")}]`,
      got: formatShape(shape),
    });
  }
}

/**
 * Measures the mean and standard deviation of `x`; the result maps `x` to mean 0 and deviation 1.
 *
 * `std = sqrt(mean((x - mean)²))`, in float64; a constant feature gets `std` 1, so it maps to 0.
 *
 * Shapes: `x` [n, …row]. With `perFeature`, `mean` and `std` hold one number for each of the row, else
 * one in all.
 * Throws: {@link DataError} when `x` is empty or holds NaN or an infinity.
 *
 * @example
 * const scaler = standardize({ data: Float32Array.of(1, 3), shape: [2] });
 * scaler.apply({ data: Float32Array.of(5), shape: [1] }).data // => [3]
 */
export function standardize(x: Column, options: StandardizeOptions = {}): Standardizer {
  const { data, count, rowShape, rowSize } = rowsOf("standardize", toHost("standardize", x));
  if (data.length === 0) {
    throw new DataError("standardize", "there must be something to measure", {
      expected: "one row or more",
      got: `shape ${formatShape([count, ...rowShape])}`,
    });
  }
  const period = options.perFeature ? rowSize : 1;
  const mean = new Float64Array(period);
  const std = new Float64Array(period);
  for (let feature = 0; feature < period; feature++) {
    const measured = measure(data, feature, period);
    mean[feature] = measured.mean;
    std[feature] = measured.std;
  }
  return new Standardizer(mean, std, options.perFeature ? rowShape : []);
}

/** The mean and deviation of every `period`-th number from `start` on. */
function measure(data: TypedArray, start: number, period: number): { mean: number; std: number } {
  const n = data.length / period;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = start; i < data.length; i += period) {
    const value = data[i] ?? 0;
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const mean = sum / n;
  if (!Number.isFinite(mean)) {
    throw new DataError("standardize", "every number must be finite", {
      expected: "no NaN and no infinity",
      got: `a mean of ${mean}`,
      fix: "Remove or fill the missing values first.",
    });
  }
  // Equal extremes, not a tiny variance: rounding of the mean leaves a constant feature a little spread.
  if (least === most) return { mean, std: 1 };
  let squares = 0;
  for (let i = start; i < data.length; i += period) squares += ((data[i] ?? 0) - mean) ** 2;
  return { mean, std: Math.sqrt(squares / n) || 1 };
}
