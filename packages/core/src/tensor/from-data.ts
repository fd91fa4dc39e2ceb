// Tensors from what users have: numbers, nested arrays, typed arrays, other tensors.

import {
  convertNumber,
  type DType,
  newArray,
  sizeOf,
  type TypedArray,
  type TypedArrayOf,
} from "@chainrule/kernel";
import { fromArray } from "../engine/fill.js";
import { DTypeError, formatShape, formatValue, ShapeError, ValueError } from "../errors.js";
import { blank, type CreateOptions, deviceFor, finish } from "./create-options.js";
import { Tensor } from "./tensor.js";

/** Numbers or booleans, nested to any depth. */
export type NestedInput = number | boolean | readonly NestedInput[];

/** What a tensor can be made of. */
export type TensorLike = NestedInput | TypedArray | Tensor;

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
  const made = blank("tensor", options.shape ?? shape, dtype, options);
  if (sizeOf(made.shape) !== values.length) {
    throw new ShapeError("tensor", "the shape must hold all elements", {
      expected: `a shape of ${values.length} elements`,
      got: formatShape(made.shape),
    });
  }
  const whole = made.dtype === dtype && isTypedArray(values);
  const elements = whole ? values : convert(values, made.dtype);
  return finish(fromArray(made.device, elements, made.dtype, made.shape), options) as Tensor<D>;
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
  const { dtype } = blank("tensor", x.shape, x.dtype, { ...options, backend: x.backend });
  const copied = x.detach().astype(dtype).copy();
  return finish(options.shape === undefined ? copied : copied.reshape(options.shape), options);
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
