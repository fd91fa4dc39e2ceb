import process from "node:process";

/** A signal that Ctrl-C sets off. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  release(): void;
}

/**
 * Turns the first Ctrl-C into a signal; the next one calls `close` and ends the process with 130.
 */
export function catchInterrupt(close: () => void): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const onInterrupt = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      first = now;
      controller.abort();
      return;
    }
    // The terminal and the process that started us may both pass on the same key press.
    if (now - first < 300) return;
    close();
    process.exit(130);
  };
  process.on("SIGINT", onInterrupt);
  return { signal: controller.signal, release: () => process.off("SIGINT", onInterrupt) };
}
