// A backend with some of its members replaced: what wrappers, counters and broken backends are.

import type { Backend, OpOverride, OpTable, Routines } from "@chainrule/core";

/** Members to replace; undefined leaves an optional one out. */
export type Parts = { readonly [M in keyof Backend]?: Backend[M] | undefined };

/** `backend` with `parts` in place of its own; it may be an instance of a class. */
export function viewOf(backend: Backend, parts: Parts): Backend {
  const whole = {
    name: backend.name,
    contract: backend.contract,
    capabilities: backend.capabilities,
    allocate: backend.allocate.bind(backend),
    upload: backend.upload.bind(backend),
    write: backend.write.bind(backend),
    read: backend.read.bind(backend),
    readSync: backend.readSync?.bind(backend),
    free: backend.free.bind(backend),
    compileKernel: backend.compileKernel.bind(backend),
    // A program of its own would pass by the members that are replaced.
    compileProgram: undefined,
    routines: backend.routines,
    ops: backend.ops,
    info: backend.info.bind(backend),
    ready: backend.ready.bind(backend),
    lost: backend.lost,
    close: backend.close.bind(backend),
    ...parts,
  } satisfies { readonly [M in keyof Required<Backend>]: unknown };
  const present = Object.entries(whole).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present) as unknown as Backend;
}

/** The overrides of `backend`, each as `wrap` makes it. */
export function overridesOf(
  { ops = {} }: Backend,
  wrap: (override: OpOverride, name: string) => OpOverride,
): OpTable {
  return Object.fromEntries(Object.entries(ops).map(([name, own]) => [name, wrap(own, name)]));
}

const routineNames = ["scatterAdd", "scan", "rank"] as const satisfies (keyof Routines)[];

/** The routines of `backend`, each as `wrap` makes it; undefined leaves one out. */
export function routinesOf(
  { routines = {} }: Backend,
  wrap: (run: AnyRoutine, name: keyof Routines) => AnyRoutine | undefined,
): Partial<Routines> {
  const wrapped = routineNames.flatMap((name) => {
    const own = routines[name] as AnyRoutine | undefined;
    const made = own && wrap(own.bind(routines), name);
    return made === undefined ? [] : [[name, made] as const];
  });
  return Object.fromEntries(wrapped);
}

/** A routine, whatever it takes. */
export type AnyRoutine = (...args: readonly unknown[]) => void;
