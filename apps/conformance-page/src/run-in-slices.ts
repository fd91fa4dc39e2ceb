// Running checks one after another without keeping the page from drawing and answering.

import type { Check, Runner } from "@chainrule/conformance";

/** How long checks may run before the page gets its turn, in ms; nobody waits for a hidden one. */
const slice = (): number => (document.hidden ? 1000 : 40);

/** Runs the checks of `runner` until all are done or `signal` aborts; `turn` is called between slices. */
export async function runInSlices(
  runner: Runner,
  signal: AbortSignal,
  turn: (done: number, next: Check) => void,
): Promise<void> {
  let start = Number.NEGATIVE_INFINITY;
  for (const [done, check] of runner.checks.entries()) {
    if (performance.now() - start > slice()) {
      turn(done, check);
      await new Promise((resolve) => setTimeout(resolve));
      start = performance.now();
    }
    if (signal.aborted) return;
    await runner.run(check);
  }
}
