// Tensors of constants and ranges.

import { convertNumber, type DType, newArray } from "@chainrule/kernel";
import { ensureTensor } from "../engine/apply.js";
import { filled, fromArray } from "../engine/fill.js";
import { formatValue, ValueError } from "../errors.js";
import { blank, type CreateOptions, finish } from "./create-options.js";
import type { DTypeOf } from "./from-data.js";
import type { Tensor } from "./tensor.js";

/** A tensor of zeros. */
export function zeros<D extends DType = "float32">(
  shape: readonly number[],
  options: CreateOptions<D> = {},
): Tensor<D> {
  return constant("zeros", shape, 0, "float32", options);
}

/** A tensor of ones. */
export function ones<D extends DType = "float32">(
  shape: readonly number[],
  options: CreateOptions<D> = {},
): Tensor<D> {
  return constant("ones", shape, 1, "float32", options);
}

/**
 * A tensor whose elements are all `value`; float32 for a number, bool for a boolean.
 *
 * @example
 * full([2], 7) // => [7, 7]
 */
export function full<V extends number | boolean, D extends DType = DTypeOf<V>>(
  shape: readonly number[],
  value: V,
  options: CreateOptions<D> = {},
): Tensor<D> {
  ensureFillValue("full", value);
  const natural = typeof value === "boolean" ? "bool" : "float32";
  return constant("full", shape, value, natural, options);
}

/** Zeros with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function zerosLike<D extends DType>(
  x: Tensor<D>,
  options: CreateOptions<D> = {},
): Tensor<D> {
  return constantLike("zerosLike", x, 0, options);
}

/** Ones with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function onesLike<D extends DType>(x: Tensor<D>, options: CreateOptions<D> = {}): Tensor<D> {
  return constantLike("onesLike", x, 1, options);
}

/** Equal elements with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function fullLike<D extends DType>(
  x: Tensor<D>,
  value: number | boolean,
  options: CreateOptions<D> = {},
): Tensor<D> {
  ensureFillValue("fullLike", value);
  return constantLike("fullLike", x, value, options);
}

function ensureFillValue(op: string, value: unknown): void {
  if (typeof value === "number" || typeof value === "boolean") return;
  throw new ValueError(op, "the value must be a number or a boolean", {
    expected: "a number, true or false",
    got: formatValue(value),
    fix: `Call ${op}(${op === "full" ? "shape" : "x"}, value, options).`,
  });
}

/**
 * The numbers from `start` (0 when only one number is given) up to but not including `stop`, `step`
 * apart. int32 when all three are whole, else float32.
 *
 * Throws: ValueError for a step of 0 or numbers that are not finite.
 *
 * @example
 * arange(3) // => [0, 1, 2]
 * arange(1, 2, 0.25) // => [1, 1.25, 1.5, 1.75]
 */
export function arange(stop: number, options?: CreateOptions): Tensor;
export function arange(start: number, stop: number, options?: CreateOptions): Tensor;
export function arange(start: number, stop: number, step: number, options?: CreateOptions): Tensor;
export function arange(...args: readonly (number | CreateOptions | undefined)[]): Tensor {
  const numbers = args.filter((arg) => typeof arg === "number");
  const options = args.find((arg) => typeof arg === "object") ?? {};
  const [start = 0, stop = Number.NaN, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  if (step === 0 || ![start, stop, step].every(Number.isFinite)) {
    throw new ValueError("arange", "a range is finite and moves", {
      expected: "finite numbers and a step other than 0",
      got: `start ${start}, stop ${stop}, step ${step}`,
    });
  }
  const count = Math.max(0, Math.ceil((stop - start) / step));
  const whole = [start, stop, step].every(Number.isInteger);
  return fromNumbers(
    "arange",
    count,
    (i) => start + i * step,
    whole ? "int32" : "float32",
    options,
  );
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included.
 *
 * @example
 * linspace(0, 1, 3) // => [0, 0.5, 1]
 */
export function linspace(
  start: number,
  stop: number,
  count: number,
  options: CreateOptions = {},
): Tensor {
  if (!Number.isFinite(start) || !Number.isFinite(stop)) {
    throw new ValueError("linspace", "the ends are finite", {
      expected: "finite numbers",
      got: `start ${start}, stop ${stop}`,
    });
  }
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  const at = (i: number): number => (i === count - 1 && count > 1 ? stop : start + i * step);
  return fromNumbers("linspace", count, at, "float32", options);
}

/**
 * A matrix of `rows` by `columns` with ones on the diagonal.
 *
 * @example
 * eye(2) // => [[1, 0], [0, 1]]
 */
export function eye<D extends DType = "float32">(
  rows: number,
  columns: number = rows,
  options: CreateOptions<D> = {},
): Tensor<D> {
  const { device, dtype, shape } = blank("eye", [rows, columns], "float32", options);
  const data = newArray(dtype, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1;
  return finish(fromArray(device, data, dtype, shape), options) as Tensor<D>;
}

function constant<D extends DType>(
  op: string,
  shape: readonly number[],
  value: number | boolean,
  natural: DType,
  options: CreateOptions<D>,
): Tensor<D> {
  const made = blank(op, shape, natural, options);
  const x = filled(made.device, convertNumber(Number(value), made.dtype), made.dtype, made.shape);
  return finish(x, options) as Tensor<D>;
}

function constantLike<D extends DType>(
  op: string,
  x: Tensor<D>,
  value: number | boolean,
  options: CreateOptions<D>,
): Tensor<D> {
  ensureTensor(op, x);
  return constant(op, x.shape, value, x.dtype, {
    ...options,
    backend: options.backend ?? x.backend,
  });
}

function fromNumbers(
  op: string,
  count: number,
  at: (i: number) => number,
  natural: DType,
  options: CreateOptions,
): Tensor {
  const { device, dtype, shape } = blank(op, [count], natural, options);
  const data = newArray(dtype, count);
  for (let i = 0; i < count; i++) data[i] = convertNumber(at(i), dtype);
  return finish(fromArray(device, data, dtype, shape), options);
}
