// Which backend new tensors are made on. Operations run where their operands are.

import { ensureSynchronous } from "../autograd/grad-mode.js";
import { type Device, deviceOf } from "../engine/device.js";
import { BackendError } from "../errors.js";
import type { Backend } from "./backend.js";

let current: Device | undefined;
let makeDefault: (() => Backend) | undefined;

/**
 * Makes `backend` the one that new tensors are created on. Existing tensors stay where they are.
 *
 * Throws: {@link BackendError} when it is not a backend (a promise of one, say) or speaks another
 * version of the contract.
 *
 * @example
 * setBackend(interpreter());
 * zeros([2]).backend.name // => "interpreter"
 */
export function setBackend(backend: Backend): void {
  current = deviceOf(backend);
}

/** The factory of the backend used when none has been set; for packages that bring a default. */
export function setDefaultBackend(factory: () => Backend): void {
  makeDefault = factory;
}

/** The backend that new tensors are created on. Throws: {@link BackendError} when there is none. */
export function getBackend(): Backend {
  return currentDevice().backend;
}

/** Runs the synchronous `fn` with `backend` as the one for new tensors. */
export function withBackend<T>(backend: Backend, fn: () => T): T {
  const previous = exchangeDevice(deviceOf(backend));
  try {
    return ensureSynchronous("withBackend", fn());
  } finally {
    exchangeDevice(previous);
  }
}

/** Makes `device` the one for new tensors, undefined for none yet; returns the one before. */
export function exchangeDevice(device: Device | undefined): Device | undefined {
  const previous = current;
  current = device;
  return previous;
}

/** The engine's side of the current backend. */
export function currentDevice(): Device {
  if (current === undefined) {
    if (makeDefault === undefined) {
      throw new BackendError("getBackend", "a backend must be set before the first tensor", {
        expected: "setBackend(…) to have been called",
        got: "no backend",
        fix: 'Add: import { js } from "@chainrule/backend-js"; setBackend(js()). Or import from "chainrule", which does it.',
      });
    }
    current = deviceOf(makeDefault());
  }
  return current;
}
