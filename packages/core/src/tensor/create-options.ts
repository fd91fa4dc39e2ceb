// Where and as what tensors are made, whatever their elements come from.

import { type DType, isDType, newArray, sizeOf } from "@chainrule/kernel";
import type { Backend } from "../backend/backend.js";
import { currentDevice } from "../backend/current.js";
import { type Device, deviceOf } from "../engine/device.js";
import { DTypeError, formatShape, formatValue, ShapeError } from "../errors.js";
import type { Tensor } from "./tensor.js";

/** Where and as what a tensor is made. */
export interface CreateOptions<D extends DType = DType> {
  readonly dtype?: D | undefined;
  /** Default: the one set by `setBackend`. */
  readonly backend?: Backend | undefined;
  /** Default false. */
  readonly requiresGrad?: boolean | undefined;
}

/** What a new tensor is besides its elements. */
export interface Blank {
  readonly device: Device;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * A new tensor of `shape`, of dtype `natural` unless the options say otherwise.
 *
 * Throws: {@link ShapeError} unless `shape` is a list of whole numbers from 0 on that the backend can
 * hold; {@link DTypeError} for a dtype that is unknown, or that the backend lacks.
 */
export function blank(
  op: string,
  shape: readonly number[],
  natural: DType,
  options: CreateOptions,
): Blank {
  const { dtype = natural } = options;
  if (!isDType(dtype)) {
    throw new DTypeError(op, "dtype must be known", {
      expected: "float32, float64, float16, int32, uint8 or bool",
      got: formatValue(dtype),
    });
  }
  const device = deviceFor(options);
  device.ensureSupports(op, dtype);
  const isList = Array.isArray(shape);
  if (!isList || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new ShapeError(op, "a shape is a list of extents", {
      expected: "an array of whole numbers from 0 on",
      got: isList ? formatShape(shape) : formatValue(shape),
    });
  }
  const bytes = sizeOf(shape) * newArray(dtype, 0).BYTES_PER_ELEMENT;
  const { maxBufferBytes } = device.backend.capabilities;
  if (bytes > maxBufferBytes) {
    throw new ShapeError(op, "a tensor must fit one buffer of the backend", {
      expected: `${maxBufferBytes} bytes at most on "${device.backend.name}"`,
      got: `${bytes} bytes for shape ${formatShape(shape)}`,
      fix: "Work in smaller batches.",
    });
  }
  return { device, dtype, shape };
}

/** The backend that was asked for, or the current one. */
export function deviceFor({ backend }: CreateOptions): Device {
  return backend === undefined ? currentDevice() : deviceOf(backend);
}

/** `x`, which requires a gradient if that was asked for. */
export function finish(x: Tensor, { requiresGrad = false }: CreateOptions): Tensor {
  if (requiresGrad) x.requiresGrad = true;
  return x;
}
