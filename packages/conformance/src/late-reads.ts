// A backend whose elements come late, as those of a device do: whoever needs them at once, or frees
// what is still being read, is found out.

import { type Backend, InternalError } from "@chainrule/core";
import type { BufferHandle } from "@chainrule/kernel";
import { routinesOf, viewOf } from "./backend-view.js";

/**
 * `backend` without `readSync`, whose every `read` resolves in a later task, with the contents at
 * the time of the call; it rejects where the handle has been freed by then. Routines on the host,
 * which need memory at once, are left out.
 *
 * @example
 * lateReads(interpreter()).capabilities.syncRead // => false
 */
export function lateReads(backend: Backend): Backend {
  const name = `late ${backend.name}`;
  const { hostRoutines } = backend.info();
  const freed = new WeakSet<BufferHandle>();
  return viewOf(backend, {
    name,
    capabilities: { ...backend.capabilities, syncRead: false },
    readSync: undefined,
    read: async (handle, offset, length) => {
      const [data] = await Promise.all([backend.read(handle, offset, length), laterTask()]);
      if (freed.has(handle)) throw freedError(name);
      return data;
    },
    free: (handle) => {
      freed.add(handle);
      backend.free(handle);
    },
    routines: routinesOf(backend, (run, routine) =>
      hostRoutines.includes(routine) ? undefined : run,
    ),
    info: () => ({ ...backend.info(), name, hostRoutines: [] }),
  });
}

/** Resolves in a task of its own, after everything that is due now. */
export function laterTask(): Promise<void> {
  return new Promise((resolve) => {
    // Node only: there, timers wait for a millisecond.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve);
  });
}

function freedError(name: string): InternalError {
  return new InternalError(name, "a handle lives until its reads are done", {
    expected: "free(handle) after the promise of read(handle) has settled",
    got: "free(handle) before",
  });
}
