// A view of a backend that keeps a book of its handles: what core does with the memory it is given.

import type { Backend } from "@chainrule/core";
import type { BufferHandle, Operand, TypedArray } from "@chainrule/kernel";
import { overridesOf, routinesOf, viewOf } from "./backend-view.js";

/** What has been seen so far. */
export interface Ledger {
  /** To be used in place of the backend. */
  readonly backend: Backend;
  /** Handles that were given and have not been freed. */
  live(): number;
  /** How often elements were asked for, in either way. */
  reads(): number;
  /** What must never happen: a handle freed twice, while it is read, or used after it was freed. */
  readonly faults: readonly string[];
}

/** Opens a book for `backend`. */
export function ledgerOf(backend: Backend): Ledger {
  const freed = new WeakSet<BufferHandle>();
  const beingRead = new Map<BufferHandle, number>();
  const faults: string[] = [];
  let live = 0;
  let reads = 0;
  const given = (handle: BufferHandle): BufferHandle => {
    // A backend may give an object again that was freed.
    freed.delete(handle);
    live += 1;
    return handle;
  };
  const use = (what: string, ...handles: readonly BufferHandle[]): void => {
    if (handles.some((handle) => freed.has(handle))) faults.push(`${what} of a freed handle`);
  };
  const run = (what: string, ...operands: readonly Operand[]): void =>
    use(what, ...operands.map(({ buffer }) => buffer));
  const { readSync } = viewOf(backend, {});
  const view = viewOf(backend, {
    allocate: (length, dtype) => given(backend.allocate(length, dtype)),
    upload: (data, dtype) => given(backend.upload(data, dtype)),
    write: (handle, offset, data) => {
      use("write", handle);
      backend.write(handle, offset, data);
    },
    read: async (handle, offset, length) => {
      use("read", handle);
      reads += 1;
      beingRead.set(handle, (beingRead.get(handle) ?? 0) + 1);
      try {
        return await backend.read(handle, offset, length);
      } finally {
        const others = (beingRead.get(handle) ?? 1) - 1;
        if (others === 0) beingRead.delete(handle);
        else beingRead.set(handle, others);
      }
    },
    readSync:
      readSync &&
      ((handle, offset, length): TypedArray => {
        use("readSync", handle);
        reads += 1;
        return readSync(handle, offset, length);
      }),
    free: (handle) => {
      use("free", handle);
      if (beingRead.has(handle)) faults.push("free of a handle that is being read");
      freed.add(handle);
      live -= 1;
      backend.free(handle);
    },
    compileKernel: (kernel) => {
      const compiled = backend.compileKernel(kernel);
      return {
        run: (inputs, scalars, outputs) => {
          run(`kernel ${kernel.name}`, ...inputs, ...outputs);
          compiled.run(inputs, scalars, outputs);
        },
      };
    },
    ops: overridesOf(backend, (own, name) => ({
      accepts: (layouts, dtypes, attrs) => own.accepts(layouts, dtypes, attrs),
      run: (inputs, outputs, attrs) => {
        run(`override ${name}`, ...inputs, ...outputs);
        own.run(inputs, outputs, attrs);
      },
    })),
    routines: routinesOf(backend, (own, name) => (...args) => {
      run(`routine ${name}`, ...args.filter(isOperand));
      own(...args);
    }),
  });
  return { backend: view, live: () => live, reads: () => reads, faults };
}

function isOperand(arg: unknown): arg is Operand {
  return typeof arg === "object" && arg !== null && "buffer" in arg;
}
