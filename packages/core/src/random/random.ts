// Random tensors. Bits and uniforms are integer work of the backend; what needs logarithms is
// computed on the host in float64. The same seed gives the same elements everywhere.

import { type DType, isFloat, newArray, sizeOf, type TypedArray } from "@chainrule/kernel";
import { apply } from "../engine/apply.js";
import type { Device } from "../engine/device.js";
import { drawn } from "../engine/fill.js";
import { DTypeError, formatValue, ValueError } from "../errors.js";
import { blank, type CreateOptions, finish } from "../tensor/create-options.js";
import type { Tensor } from "../tensor/tensor.js";
import { bitsToUniform } from "./bits-to-uniform.js";
import { defaultGenerator, type Generator, words } from "./generator.js";
import { standardNormal } from "./normal.js";
import { randomBits } from "./random-bits.js";

/** Options of random tensors. */
export interface RandomOptions<D extends DType = DType> extends CreateOptions<D> {
  /** Default: the one `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/**
 * Numbers evenly distributed in [0, 1): multiples of 2⁻²⁴ (float64: of 2⁻⁵³).
 *
 * @example
 * manualSeed(1);
 * rand([2, 3]).shape // => [2, 3]
 */
export function rand<D extends DType = "float32">(
  shape: readonly number[],
  options: RandomOptions<D> = {},
): Tensor<D> {
  return uniform("rand", shape, options) as Tensor<D>;
}

function uniform(op: string, shape: readonly number[], options: RandomOptions): Tensor {
  const { device, generator, dtype } = prepare(op, shape, options);
  const size = sizeOf(shape);
  if (dtype === "float64") {
    return finish(
      drawn(device, () => generator.uniform64(size), dtype, shape),
      options,
    );
  }
  const x =
    device.backend.capabilities.exactInt32 && size > 0
      ? bitsToUniform(deviceBits(device, generator, shape))
      : drawn(device, () => generator.uniform(size), "float32", shape);
  return finish(x.astype(dtype), options);
}

/**
 * Numbers of the standard normal distribution, computed on the host in float64 and then rounded.
 *
 * @example
 * randn([1000]).size // => 1000
 */
export function randn<D extends DType = "float32">(
  shape: readonly number[],
  options: RandomOptions<D> = {},
): Tensor<D> {
  const { device, generator, dtype } = prepare("randn", shape, options);
  const draw = (): TypedArray => {
    const data = newArray(dtype, sizeOf(shape));
    data.set(standardNormal(generator, data.length));
    return data;
  };
  return finish(drawn(device, draw, dtype, shape), options) as Tensor<D>;
}

/**
 * Whole numbers evenly distributed from `low` to `high`, `high` excluded; int32.
 *
 * Throws: ValueError unless both are int32 and low < high.
 */
export function randint(
  low: number,
  high: number,
  shape: readonly number[],
  options: Omit<RandomOptions<"int32">, "dtype" | "requiresGrad"> = {},
): Tensor<"int32"> {
  if ((low | 0) !== low || (high | 0) !== high || low >= high) {
    throw new ValueError("randint", "bounds are int32 and in order", {
      expected: "whole numbers low < high",
      got: `low ${formatValue(low)}, high ${formatValue(high)}`,
    });
  }
  const { device, generator } = prepare("randint", shape, options);
  const draw = (): TypedArray =>
    Int32Array.from(generator.uniform64(sizeOf(shape)), (u) => Math.floor(low + u * (high - low)));
  return drawn(device, draw, "int32", shape) as Tensor<DType> as Tensor<"int32">;
}

/** The numbers 0 to n - 1 in random order; int32. */
export function randperm(
  n: number,
  options: Omit<RandomOptions<"int32">, "dtype" | "requiresGrad"> = {},
): Tensor<"int32"> {
  const { device, generator } = prepare("randperm", [n], options);
  return drawn(device, () => generator.permutation(n), "int32", [
    n,
  ]) as Tensor<DType> as Tensor<"int32">;
}

/**
 * bool elements, each true with probability `p`.
 *
 * Throws: ValueError unless 0 ≤ p ≤ 1.
 */
export function bernoulli(
  p: number,
  shape: readonly number[],
  options: Omit<RandomOptions, "dtype" | "requiresGrad"> = {},
): Tensor<"bool"> {
  if (!(p >= 0 && p <= 1)) {
    throw new ValueError("bernoulli", "p is a probability", {
      expected: "a number from 0 to 1",
      got: formatValue(p),
    });
  }
  return uniform("bernoulli", shape, options).less(p);
}

function deviceBits(device: Device, generator: Generator, shape: readonly number[]): Tensor {
  const draw = (): TypedArray =>
    Int32Array.of(...generator.key, ...words(generator.reserve(Math.ceil(sizeOf(shape) / 2))));
  return apply(randomBits, [drawn(device, draw, "int32", [4])], { key: shape.join(), shape });
}

function prepare(
  op: string,
  shape: readonly number[],
  options: RandomOptions,
): { device: Device; generator: Generator; dtype: DType } {
  const { device, dtype } = blank(op, shape, "float32", options);
  if (!isFloat(dtype)) {
    throw new DTypeError(op, "random numbers of this distribution have fractions", {
      expected: "a float dtype",
      got: dtype,
      fix: "For whole numbers use randint, for booleans bernoulli.",
    });
  }
  return { device, generator: options.generator ?? defaultGenerator(), dtype };
}
