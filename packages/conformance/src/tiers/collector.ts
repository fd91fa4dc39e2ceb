// The garbage collector of the environment, made to run.

import { Skipped } from "../check.js";
import { laterTask } from "../late-reads.js";

/** Gives the collector reason and time to run, and its reports time to arrive; whether it has run. */
async function collected(): Promise<boolean> {
  let hasRun = false;
  registry ??= new FinalizationRegistry((report) => report());
  registry.register({}, () => {
    hasRun = true;
  });
  const start = performance.now();
  while (!hasRun && performance.now() - start < 5000) {
    // Dropped at once: what engines count before they decide to collect.
    new ArrayBuffer(2 ** 27);
    await laterTask();
  }
  // The dropped arrays of this function itself are young, and go with many young objects.
  for (let turn = 0; turn < 8; turn++) {
    Array.from({ length: 1000 }, () => new Array(1000));
    await laterTask();
  }
  return hasRun;
}

// Made once and kept: V8 stops reporting to all registries when one with reports due is dropped.
let registry: FinalizationRegistry<() => void> | undefined;

/** Collects until `done`, three times at most. Throws: {@link Skipped} where nothing is collected. */
export async function settle(done: () => boolean): Promise<void> {
  for (let i = 0; i < 3 && !done(); i++) {
    if (!(await collected())) throw new Skipped("the collector does not run when it should");
  }
}
