// A device that can go away, for backends that have none.

import { type Backend, BackendError, type LostInfo } from "@chainrule/core";
import type { TypedArray } from "@chainrule/kernel";
import { viewOf } from "../backend-view.js";

/** What a read gives once the device is gone. */
type AfterLoss = (length: number) => TypedArray;

const ends = new WeakMap<Backend, () => void>();

/** `backend` on a device that {@link loseDevice} makes go away: work does nothing then, reads fail. */
export function losable(backend: Backend, afterLoss: AfterLoss = refuse): Backend {
  let isLost = false;
  let resolve: (info: LostInfo) => void = () => {};
  const lost = new Promise<LostInfo>((settle) => {
    resolve = settle;
  });
  const { readSync } = viewOf(backend, {});
  const view = viewOf(backend, {
    lost,
    read: async (handle, offset, length) => {
      const data = await backend.read(handle, offset, length);
      return isLost ? afterLoss(length) : data;
    },
    readSync:
      readSync &&
      ((handle, offset, length) => (isLost ? afterLoss(length) : readSync(handle, offset, length))),
  });
  ends.set(view, () => {
    isLost = true;
    resolve({ reason: "made to go away" });
  });
  return view;
}

/** The option of that name for backends made by {@link losable}. */
export function loseDevice(backend: Backend): void {
  ends.get(backend)?.();
}

function refuse(): never {
  throw new BackendError("losable", "a lost device cannot be read", {
    expected: "a device",
    got: "one that was made to go away",
    fix: "Make a new backend.",
  });
}
