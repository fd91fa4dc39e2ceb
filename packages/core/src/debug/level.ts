// How much of what happens is written out, and who else is told. While nobody is, operations only
// compare `watched`.

import { formatValue, ValueError } from "../errors.js";
import type { Observer } from "./observe.js";

/** What shows the text of one entry, which may have several lines. */
export type DebugWriter = (text: string) => void;

/** What a program finds around it: that of Node has the variables of the environment. */
export interface Surroundings {
  readonly process?:
    | { readonly env?: { readonly DEBUG?: string | undefined } | undefined }
    | undefined;
  readonly Deno?: unknown;
}

/** The level now: see {@link setDebug}. */
export let debugLevel: number = levelIn(globalThis as Surroundings);
/** Who is told what happens: see `observe`. */
export let observer: Observer | undefined;
/** Whether operations are written out or told to an observer. */
export let watched: boolean = debugLevel > 0;
let writer: DebugWriter = writeToConsole;

/**
 * Writes out what happens from now on: 0 nothing, 1 every operation with its operands, result and
 * backend, 2 also its time, 3 also the kernels it becomes, 4 also the code generated for them.
 *
 * The time is that of the call on the host, with the making of kernels the first time; on a backend
 * that queues its work, the time to enqueue it. `write` shows a text of one line or more; the default
 * is standard error in Node, so that what a program prints stays its own, and the console elsewhere.
 * In Node the environment variable `DEBUG` sets the first level, when it is a digit from 0 to 4.
 *
 * Throws: {@link ValueError} for another level, or a `write` that is not a function.
 *
 * @example
 * const lines: string[] = [];
 * setDebug(1, (line) => lines.push(line));
 * tensor([[1, 2], [3, 4]]).T.mul(0.5);
 * setDebug(0);
 * lines[1] // => "js  mul(float32[2, 2], 0.5) -> float32[2, 2]"
 */
export function setDebug(level: number, write: DebugWriter = writeToConsole): void {
  if (![0, 1, 2, 3, 4].includes(level)) {
    throw new ValueError("setDebug", "level must be one of its values", {
      expected: "0, 1, 2, 3 or 4",
      got: formatValue(level),
    });
  }
  if (typeof write !== "function") {
    throw new ValueError("setDebug", "write must be able to take texts", {
      expected: "a function",
      got: formatValue(write),
    });
  }
  debugLevel = level;
  writer = write;
  watched = level > 0 || observer !== undefined;
}

/** Has `next` told what happens from now on, or nobody. */
export function setObserver(next: Observer | undefined): void {
  observer = next;
  watched = debugLevel > 0 || next !== undefined;
}

/** Writes one entry. */
export function writeDebug(text: string): void {
  writer(text);
}

/**
 * The level that the environment asks for. Values that are meant for others, such as `express:*`, ask
 * for nothing. Deno is not asked: it would interrupt the user for a permission.
 */
export function levelIn({ process, Deno }: Surroundings): number {
  if (Deno !== undefined) return 0;
  const wanted = process?.env?.DEBUG;
  return wanted !== undefined && /^[0-4]$/.test(wanted) ? Number(wanted) : 0;
}

function writeToConsole(text: string): void {
  const hasStreams = (globalThis as Surroundings).process !== undefined;
  // biome-ignore lint/suspicious/noConsole: writing there is what was asked for
  (hasStreams ? console.error : console.log)(text);
}
