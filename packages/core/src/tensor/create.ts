// Tensors from data: nested arrays, typed arrays, constants, ranges.

import {
  convertNumber,
  type DType,
  isDType,
  newArray,
  sizeOf,
  type TypedArray,
  type TypedArrayOf,
} from "@chainrule/kernel";
import type { Backend } from "../backend/backend.js";
import { currentDevice } from "../backend/current.js";
import { type Device, deviceOf } from "../engine/device.js";
import { filled, fromArray } from "../engine/fill.js";
import { DTypeError, formatShape, formatValue, ShapeError, ValueError } from "../errors.js";
import { Tensor } from "./tensor.js";

/** Numbers or booleans, nested to any depth. */
export type NestedInput = number | boolean | readonly NestedInput[];

/** What a tensor can be made of. */
export type TensorLike = NestedInput | TypedArray | Tensor;

/** Where and as what a tensor is made. */
export interface CreateOptions<D extends DType = DType> {
  readonly dtype?: D | undefined;
  /** Default: the one set by `setBackend`. */
  readonly backend?: Backend | undefined;
  /** Default false. */
  readonly requiresGrad?: boolean | undefined;
}

/** Options of {@link tensor}. */
export interface TensorOptions<D extends DType = DType> extends CreateOptions<D> {
  /** The shape of flat data; default: that of the data. */
  readonly shape?: readonly number[] | undefined;
}

type NestedBooleans = boolean | readonly NestedBooleans[];

/** The dtype that data has unless another is asked for. */
export type DTypeOf<T> =
  T extends Tensor<infer D>
    ? D
    : T extends Float64Array
      ? "float64"
      : T extends Int32Array
        ? "int32"
        : T extends Uint8Array
          ? "uint8"
          : T extends NestedBooleans
            ? "bool"
            : "float32";

/**
 * Makes a tensor of numbers, booleans, nested arrays or a typed array, which is copied.
 *
 * dtype: numbers are float32, booleans bool, typed arrays keep theirs; `dtype` converts. A tensor is
 * copied detached. Throws: ShapeError for ragged arrays or a `shape` of another size; DTypeError
 * for an unknown dtype; ValueError for anything that is not data.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape // => [2, 2]
 * tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] }).dtype // => "int32"
 */
export function tensor<T extends TensorLike, D extends DType = DTypeOf<T>>(
  data: T,
  options: TensorOptions<D> = {},
): Tensor<D> {
  if (data instanceof Tensor) return fromTensor(data, options) as Tensor<D>;
  const { values, shape, dtype } = isTypedArray(data)
    ? { values: data, shape: [data.length], dtype: dtypeOfArray(data) }
    : flatten(data);
  const wanted = resolveDType("tensor", options.dtype, dtype);
  const finalShape = options.shape === undefined ? shape : ensureShape("tensor", options.shape);
  if (sizeOf(finalShape) !== values.length) {
    throw new ShapeError("tensor", "the shape must hold all elements", {
      expected: `a shape of ${values.length} elements`,
      got: formatShape(finalShape),
    });
  }
  const device = deviceFor(options);
  device.ensureSupports("tensor", wanted);
  const elements = wanted === dtype && isTypedArray(values) ? values : convert(values, wanted);
  return finish(fromArray(device, elements, wanted, finalShape), options) as Tensor<D>;
}

/** A tensor of zeros. */
export function zeros<D extends DType = "float32">(
  shape: readonly number[],
  options: CreateOptions<D> = {},
): Tensor<D> {
  return full(shape, 0, { dtype: "float32" as D, ...defined(options) });
}

/** A tensor of ones. */
export function ones<D extends DType = "float32">(
  shape: readonly number[],
  options: CreateOptions<D> = {},
): Tensor<D> {
  return full(shape, 1, { dtype: "float32" as D, ...defined(options) });
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
  const dtype = resolveDType(
    "full",
    options.dtype,
    typeof value === "boolean" ? "bool" : "float32",
  );
  const device = deviceFor(options);
  device.ensureSupports("full", dtype);
  const checked = ensureShape("full", shape);
  ensureFits("full", device, checked, dtype);
  const x = filled(device, convertNumber(Number(value), dtype), dtype, checked);
  return finish(x, options) as Tensor<D>;
}

/** Zeros with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function zerosLike<D extends DType>(
  x: Tensor<D>,
  options: CreateOptions<D> = {},
): Tensor<D> {
  return fullLike(x, 0, options);
}

/** Ones with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function onesLike<D extends DType>(x: Tensor<D>, options: CreateOptions<D> = {}): Tensor<D> {
  return fullLike(x, 1, options);
}

/** Equal elements with the shape, dtype and backend of `x`, unless the options say otherwise. */
export function fullLike<D extends DType>(
  x: Tensor<D>,
  value: number | boolean,
  options: CreateOptions<D> = {},
): Tensor<D> {
  return full(x.shape, value, { dtype: x.dtype, backend: x.backend, ...defined(options) });
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
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
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
  const shape = ensureShape("eye", [rows, columns]);
  const dtype = resolveDType("eye", options.dtype, "float32");
  const device = deviceFor(options);
  device.ensureSupports("eye", dtype);
  ensureFits("eye", device, shape, dtype);
  const data = newArray(dtype, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1;
  return finish(fromArray(device, data, dtype, shape), options) as Tensor<D>;
}

function fromNumbers(
  op: string,
  count: number,
  at: (i: number) => number,
  natural: DType,
  options: CreateOptions,
): Tensor {
  const dtype = resolveDType(op, options.dtype, natural);
  const device = deviceFor(options);
  device.ensureSupports(op, dtype);
  const shape = ensureShape(op, [count]);
  ensureFits(op, device, shape, dtype);
  const data = newArray(dtype, count);
  for (let i = 0; i < count; i++) data[i] = convertNumber(at(i), dtype);
  return finish(fromArray(device, data, dtype, shape), options);
}

function fromTensor(x: Tensor, options: TensorOptions): Tensor {
  const device = options.backend === undefined ? x.storage.device : deviceFor(options);
  if (device !== x.storage.device) {
    throw new ValueError("tensor", "a tensor is copied on its own backend", {
      expected: `backend "${x.backend.name}"`,
      got: `"${device.backend.name}"`,
      fix: "Move it with await x.to(backend).",
    });
  }
  const converted = x
    .detach()
    .astype(resolveDType("tensor", options.dtype, x.dtype))
    .copy();
  return finish(
    options.shape === undefined ? converted : converted.reshape(options.shape),
    options,
  );
}

function finish(x: Tensor, options: CreateOptions): Tensor {
  if (options.requiresGrad === true) x.requiresGrad = true;
  return x;
}

function deviceFor(options: CreateOptions): Device {
  return options.backend === undefined ? currentDevice() : deviceOf(options.backend);
}

function defined<O extends object>(options: O): O {
  return Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as O;
}

function resolveDType(op: string, wanted: DType | undefined, natural: DType): DType {
  if (wanted === undefined) return natural;
  if (isDType(wanted)) return wanted;
  throw new DTypeError(op, "dtype must be known", {
    expected: "float32, float64, float16, int32, uint8 or bool",
    got: formatValue(wanted),
  });
}

/** `shape` itself. Throws: {@link ShapeError} unless it is a list of whole numbers from 0 on. */
export function ensureShape(op: string, shape: readonly number[]): readonly number[] {
  const valid = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (valid) return shape;
  throw new ShapeError(op, "a shape is a list of extents", {
    expected: "an array of whole numbers from 0 on",
    got: Array.isArray(shape) ? formatShape(shape) : formatValue(shape),
  });
}

/** Throws: {@link ShapeError} when a tensor of `shape` is larger than the backend can hold. */
export function ensureFits(
  op: string,
  device: Device,
  shape: readonly number[],
  dtype: DType,
): void {
  const bytes = sizeOf(shape) * newArray(dtype, 0).BYTES_PER_ELEMENT;
  const { maxBufferBytes } = device.backend.capabilities;
  if (bytes <= maxBufferBytes) return;
  throw new ShapeError(op, "a tensor must fit one buffer of the backend", {
    expected: `${maxBufferBytes} bytes at most on "${device.backend.name}"`,
    got: `${bytes} bytes for shape ${formatShape(shape)}`,
    fix: "Work in smaller batches.",
  });
}

function isTypedArray(data: unknown): data is TypedArray {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

function dtypeOfArray(data: TypedArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "uint8";
  throw new DTypeError("tensor", "typed arrays must have a dtype", {
    expected: "Float32Array, Float64Array, Int32Array or Uint8Array",
    got: formatValue(data),
    fix: "Copy the data into one of these.",
  });
}

interface FlatData {
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Nested arrays as one list, checked to be rectangular; numbers win over booleans. */
function flatten(data: unknown): FlatData {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  const values: number[] = [];
  let allBool = true;
  const enter = (item: unknown, axis: number): void => {
    if (axis < shape.length) {
      if (!Array.isArray(item) || item.length !== shape[axis]) throw raggedError(shape, axis, item);
      for (const each of item) enter(each, axis + 1);
      return;
    }
    if (Array.isArray(item)) throw raggedError(shape, axis, item);
    if (typeof item !== "number" && typeof item !== "boolean") {
      throw new ValueError("tensor", "data must be numbers or booleans", {
        expected: "numbers, booleans, nested arrays of them, a typed array or a tensor",
        got: formatValue(item),
      });
    }
    if (typeof item === "number") allBool = false;
    values.push(Number(item));
  };
  enter(data, 0);
  return { values, shape, dtype: allBool && values.length > 0 ? "bool" : "float32" };
}

function raggedError(shape: readonly number[], axis: number, item: unknown): ShapeError {
  const wanted = shape[axis];
  return new ShapeError("tensor", "nested arrays must be rectangular", {
    expected:
      wanted === undefined
        ? `no array below axis ${axis - 1}`
        : `${wanted} elements along axis ${axis}`,
    got: Array.isArray(item) ? `${item.length}` : formatValue(item),
    fix: "Pad the shorter rows.",
  });
}

function convert(values: ArrayLike<number>, dtype: DType): TypedArrayOf<DType> {
  const data = newArray(dtype, values.length);
  for (let i = 0; i < values.length; i++) data[i] = convertNumber(values[i] ?? 0, dtype);
  return data;
}
