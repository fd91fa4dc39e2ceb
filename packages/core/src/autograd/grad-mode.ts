// Whether operations are recorded for differentiation. A mode of the synchronous call stack.

import { ValueError } from "../errors.js";

let enabled = true;

/** Whether operations on tensors that require gradients are being recorded. */
export function isGradEnabled(): boolean {
  return enabled;
}

/**
 * Runs `fn` without recording: results require no gradient.
 *
 * Throws: {@link ValueError} when `fn` is async; the mode would end before its work is done.
 *
 * @example
 * const x = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => x.mul(2)).requiresGrad // => false
 */
export function noGrad<T>(fn: () => T): T {
  return withMode("noGrad", false, fn);
}

/** Runs `fn` with recording on, also inside {@link noGrad}. */
export function enableGrad<T>(fn: () => T): T {
  return withMode("enableGrad", true, fn);
}

function withMode<T>(name: string, mode: boolean, fn: () => T): T {
  const previous = enabled;
  enabled = mode;
  try {
    return ensureSynchronous(name, fn());
  } finally {
    enabled = previous;
  }
}

/** Returns `result` unless it is a promise or another thenable. Throws: {@link ValueError}. */
export function ensureSynchronous<T>(name: string, result: T): T {
  if (typeof result === "object" && result !== null && "then" in result) {
    if (typeof result.then === "function") {
      // The rejected work of a refused async function must not surface as unhandled.
      result.then(undefined, () => {});
      throw new ValueError(name, "the function of a scope must be synchronous", {
        expected: "a function that returns its result",
        got: "one that returns a promise",
        fix: `Await outside: call ${name}(() => …) around each synchronous part, e.g. once per batch.`,
      });
    }
  }
  return result;
}
