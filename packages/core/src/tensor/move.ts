// Moving elements between backends: a copy of one tensor, or the memory of many in place.

import type { TypedArray } from "@chainrule/kernel";
import type { Backend } from "../backend/backend.js";
import { disposedError } from "../engine/apply.js";
import { type Device, deviceOf } from "../engine/device.js";
import { fromArray } from "../engine/fill.js";
import type { Storage } from "../engine/storage.js";
import { readData } from "./read.js";
import type { Tensor } from "./tensor.js";

/** A copy of `x` on `backend`, or `x` itself when it is there. */
export async function copyTo(x: Tensor, backend: Backend): Promise<Tensor> {
  if (x.backend === backend) return x;
  const device = deviceOf(backend);
  device.ensureSupports("to", x.dtype);
  const moved = fromArray(device, await readData(x), x.dtype, x.shape);
  if (x.isLeaf && x.requiresGrad) moved.requiresGrad = true;
  return moved;
}

const companions = new WeakMap<Tensor, Tensor[]>();

/**
 * Has `others` move along whenever `tensor` is moved by {@link moveTensors}: for what an optimizer
 * remembers of a parameter.
 */
export function accompany(tensor: Tensor, others: readonly Tensor[]): void {
  companions.set(tensor, [...(companions.get(tensor) ?? []), ...others]);
}

/**
 * Moves the memory of `tensors` to `backend`, in place: they stay the same tensors, their views,
 * gradients and companions come along, and derivatives that saved their elements refuse to run.
 *
 * All of them move or none. Throws: DTypeError when the backend lacks a dtype; DisposedError.
 *
 * @example
 * const x = tensor([1, 2]);
 * await moveTensors([x], interpreter());
 * x.backend.name // => "interpreter"
 */
export async function moveTensors(tensors: Iterable<Tensor>, backend: Backend): Promise<void> {
  const device = deviceOf(backend);
  const storages = [...storagesOf(tensors)].filter((storage) => storage.device !== device);
  for (const { dtype } of storages) device.ensureSupports("to", dtype);
  const contents = await Promise.all(
    storages.map(({ device: from, handle, length }) => from.backend.read(handle, 0, length)),
  );
  const handles = uploadAll(device, storages, contents);
  for (const [i, storage] of storages.entries()) storage.moveTo(device, handles[i] ?? {});
}

/** The memory of `tensors` and of what comes along with them. */
function storagesOf(tensors: Iterable<Tensor>): Set<Storage> {
  const storages = new Set<Storage>();
  const open = [...tensors];
  for (const tensor of open) {
    if (tensor.disposed) throw disposedError("to");
    if (storages.has(tensor.storage)) continue;
    storages.add(tensor.storage);
    if (tensor.grad !== null) open.push(tensor.grad);
    open.push(...(companions.get(tensor) ?? []));
  }
  return storages;
}

function uploadAll(
  { backend }: Device,
  storages: readonly Storage[],
  contents: readonly TypedArray[],
): object[] {
  const handles: object[] = [];
  try {
    for (const [i, { dtype }] of storages.entries()) {
      handles.push(backend.upload(contents[i] as TypedArray, dtype));
    }
  } catch (cause) {
    for (const handle of handles) backend.free(handle);
    throw cause;
  }
  return handles;
}
