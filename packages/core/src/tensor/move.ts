// Moving elements between backends: a copy of one tensor, or the memory of many in place.

import type { BufferHandle, TypedArray } from "@chainrule/kernel";
import type { Backend } from "../backend/backend.js";
import { disposedError, ensureTensor } from "../engine/apply.js";
import { type Device, deviceOf } from "../engine/device.js";
import { fromArray } from "../engine/fill.js";
import type { Storage } from "../engine/storage.js";
import { GradientError, ValueError } from "../errors.js";
import { readData } from "./read.js";
import type { Tensor } from "./tensor.js";

/** A copy of `x` on `backend`, or `x` itself when it is there. */
export async function copyTo(x: Tensor, backend: Backend): Promise<Tensor> {
  if (x.backend === backend) return x;
  const device = deviceOf(backend);
  device.ensureSupports("to", x.dtype);
  if (x.node !== null) {
    throw new GradientError("to", "gradients do not flow from one backend to another", {
      expected: "a leaf",
      got: `the result of ${x.node.op.name}`,
      fix: "Use await x.detach().to(backend).",
    });
  }
  const moved = fromArray(device, await readData(x), x.dtype, x.shape);
  if (x.requiresGrad) moved.requiresGrad = true;
  return moved;
}

type Companions = Readonly<Record<string, Tensor>>;

const companions = new WeakMap<Tensor, WeakRef<Companions>[]>();

/**
 * Has the tensors in `others` move along whenever `tensor` is moved by {@link moveTensors}, those that
 * are put there later too: for what an optimizer remembers of a parameter. `others` is not kept alive.
 */
export function accompany(tensor: Tensor, others: Companions): void {
  companions.set(
    tensor,
    [...companionsOf(tensor), others].map((each) => new WeakRef(each)),
  );
}

function companionsOf(tensor: Tensor): Companions[] {
  const known = (companions.get(tensor) ?? []).map((each) => each.deref());
  return known.filter((each) => each !== undefined);
}

/**
 * Moves the memory of `tensors` to `backend`, in place: they stay the same tensors, their views,
 * gradients and companions come along, and derivatives that saved their elements refuse to run.
 *
 * All of them move or none. Throws: DTypeError when the backend lacks a dtype; DisposedError;
 * ValueError when one is written to before the promise resolves.
 *
 * @example
 * const x = tensor([1, 2]);
 * await moveTensors([x], interpreter());
 * x.backend.name // => "interpreter"
 */
export async function moveTensors(tensors: Iterable<Tensor>, backend: Backend): Promise<void> {
  const device = deviceOf(backend);
  const roots = [...tensors];
  const read = new Map<Storage, Contents>();
  const storages = storagesToMove(roots, device);
  for (const { dtype } of storages) device.ensureSupports("to", dtype);
  await Promise.all(
    storages.map(async (storage) => {
      const { handle } = storage;
      read.set(storage, { handle, data: await storage.read(0, storage.length) });
    }),
  );
  // The program went on meanwhile: some may have arrived with another move, or have changed.
  const moves = storagesToMove(roots, device).map((storage): [Storage, TypedArray] => {
    const contents = read.get(storage);
    if (contents?.handle !== storage.handle) throw changedError();
    return [storage, contents.data];
  });
  const handles = uploadAll(device, moves);
  for (const [i, [storage]] of moves.entries()) storage.moveTo(device, handles[i] ?? {});
}

/** What was in a buffer. */
interface Contents {
  readonly handle: BufferHandle;
  readonly data: TypedArray;
}

/** The memory of `tensors` and of what comes along with them, as far as it is not on `device`. */
function storagesToMove(tensors: readonly Tensor[], device: Device): Storage[] {
  const storages = new Set<Storage>();
  const all = new Set(tensors);
  for (const tensor of all) {
    ensureTensor("to", tensor);
    if (tensor.disposed) throw disposedError("to");
    storages.add(tensor.storage);
    if (tensor.grad !== null) all.add(tensor.grad);
    for (const others of companionsOf(tensor)) {
      for (const other of Object.values(others)) all.add(other);
    }
  }
  return [...storages].filter((storage) => storage.device !== device);
}

function uploadAll(
  { backend }: Device,
  moves: readonly (readonly [Storage, TypedArray])[],
): BufferHandle[] {
  const handles: BufferHandle[] = [];
  try {
    for (const [{ dtype }, data] of moves) handles.push(backend.upload(data, dtype));
  } catch (cause) {
    for (const handle of handles) backend.free(handle);
    throw cause;
  }
  return handles;
}

function changedError(): ValueError {
  return new ValueError("to", "tensors must stay as they are while they move", {
    expected: "no step, backward pass or other move before the promise resolves",
    got: "one",
    fix: "Write await model.to(backend). Nothing has moved.",
  });
}
