// Tensors made from host data, for the engine's own use: no promotion, no checks of user input.

import { type DType, layout, newArray, sizeOf, type TypedArray } from "@chainrule/kernel";
import { observer } from "../debug/level.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Device } from "./device.js";
import { Storage } from "./storage.js";
import { makeTensor } from "./tensor-class.js";
import { tracer } from "./tracer.js";

/** A tensor over a copy of `data`, row-major. */
export function fromArray(
  device: Device,
  data: TypedArray,
  dtype: DType,
  shape: readonly number[],
): Tensor {
  const handle = device.backend.upload(data, dtype);
  const x = makeTensor(new Storage(device, handle, dtype, data.length), layout(shape), 0);
  observer?.upload(x, data);
  return x;
}

/** A tensor over what `draw` returns, drawn anew in each run of a compiled function. */
export function drawn(
  device: Device,
  draw: () => TypedArray,
  dtype: DType,
  shape: readonly number[],
): Tensor {
  return tracer?.drawn(device, draw, dtype, shape) ?? fromArray(device, draw(), dtype, shape);
}

/** A tensor of equal elements. */
export function filled(
  device: Device,
  value: number,
  dtype: DType,
  shape: readonly number[],
): Tensor {
  const data = newArray(dtype, sizeOf(shape));
  if (value !== 0) data.fill(value);
  return fromArray(device, data, dtype, shape);
}

/** The int32 tensor 0, 1, …, n - 1. */
export function positions(device: Device, n: number): Tensor {
  return positionsAlong(device, [n], 0);
}

/** The positions along `axis` of a tensor of `shape`, with extent 1 along all other axes: int32. */
export function positionsAlong(device: Device, shape: readonly number[], axis: number): Tensor {
  const data = new Int32Array(shape[axis] ?? 1);
  for (let i = 0; i < data.length; i++) data[i] = i;
  return fromArray(
    device,
    data,
    "int32",
    shape.map((n, d) => (d === axis ? n : 1)),
  );
}
