// Reading elements back: always a row-major copy, by promise, or at once where the backend can.

import type { DType, TypedArray, TypedArrayOf } from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import { disposedError } from "../engine/apply.js";
import { BackendError, formatShape, ShapeError } from "../errors.js";
import { copy } from "../ops/elementwise/copy.js";
import type { Tensor } from "./tensor.js";

/** Elements as JS values, nested as deep as there are axes. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** The elements of `x`, row-major. */
export async function readData<D extends DType>(x: Tensor<D>): Promise<TypedArrayOf<D>> {
  const whole = dense("data", x);
  const data = whole.storage.read(whole.offset, whole.size);
  if (whole !== x) whole.dispose();
  return (await data) as TypedArrayOf<D>;
}

/** {@link readData} at once. Throws: BackendError without `syncRead`. */
export function readDataSync<D extends DType>(x: Tensor<D>): TypedArrayOf<D> {
  const { backend } = x;
  if (backend.readSync === undefined) {
    throw new BackendError("dataSync", "the backend must be able to read at once", {
      expected: "a backend with capabilities.syncRead",
      got: `"${backend.name}"`,
      fix: "Use the asynchronous form: await x.data(), x.array() or x.item().",
    });
  }
  const whole = dense("dataSync", x);
  const data = backend.readSync(whole.storage.handle, whole.offset, whole.size);
  if (whole !== x) whole.dispose();
  return data as TypedArrayOf<D>;
}

export async function readArray(x: Tensor): Promise<NestedArray> {
  return nest(await readData(x), x);
}

export function readArraySync(x: Tensor): NestedArray {
  return nest(readDataSync(x), x);
}

export async function readItem(x: Tensor): Promise<number | boolean> {
  ensureSingle(x);
  return element(await readData(x), 0, x.dtype);
}

export function readItemSync(x: Tensor): number | boolean {
  ensureSingle(x);
  return element(readDataSync(x), 0, x.dtype);
}

/** `x`, or a row-major copy that belongs to the reader. */
function dense<D extends DType>(op: string, x: Tensor<D>): Tensor<D> {
  if (x.disposed) throw disposedError(op);
  return x.layout.contiguous ? x : noGrad(() => copy(x));
}

function ensureSingle(x: Tensor): void {
  if (x.size === 1) return;
  throw new ShapeError("item", "there must be exactly one element", {
    expected: "a tensor of size 1",
    got: `shape ${formatShape(x.shape)}`,
    fix: "Reduce first, or read all elements with array() or data().",
  });
}

function element(data: TypedArray, index: number, dtype: DType): number | boolean {
  const value = data[index] ?? 0;
  return dtype === "bool" ? value !== 0 : value;
}

function nest(data: TypedArray, { shape, dtype }: Tensor): NestedArray {
  let next = 0;
  const level = (axis: number): NestedArray =>
    axis === shape.length
      ? element(data, next++, dtype)
      : Array.from({ length: shape[axis] ?? 0 }, () => level(axis + 1));
  return level(0);
}
