// A check: one fact about a backend that can be tried by itself, in any test framework.

import type { Backend, Capabilities } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";

/** What a check is about, as {@link tierNames} says. */
export type Tier = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** What each tier is about. */
export const tierNames: Readonly<Record<Tier, string>> = {
  0: "storage and lifetime",
  1: "primitives",
  2: "composites, and overrides against their composition",
  3: "gradients",
  4: "layers, losses, optimizers, schedulers",
  5: "training runs",
  6: "leaks, concurrency, swap, device loss",
};

/** Every tier there is, in order. */
export const allTiers: readonly Tier[] = [0, 1, 2, 3, 4, 5, 6];

/** The float dtypes that values are checked in; float16 is checked as storage only. */
export const floatDTypes = ["float32", "float64"] as const;

/** What a backend must have for a check to make sense. */
export interface Needs {
  readonly dtypes?: readonly DType[];
  /** NaN and infinities as IEEE 754 says. */
  readonly ieee?: boolean;
  readonly syncRead?: boolean;
  readonly exactInt32?: boolean;
  readonly subnormals?: boolean;
}

/** How the functions that checks are about are run. */
export interface Way {
  /** Whether as compiled programs. */
  readonly compiled: boolean;
  /**
   * `fn`, to be called in its place: itself, or a program of it. Programs are recorded, and run once, on
   * what `others` gives: arguments of the same kinds that differ from those to come. Without `others`
   * the first call records.
   */
  prepared<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    others?: () => [...A],
  ): (...args: A) => R;
}

/** What is said about a check beside what it runs. */
export type CheckOptions = Needs & Pick<Check, "compiles">;

/** What a check works with. */
export interface Bench extends Way {
  /** The backend under test, shared by all checks. */
  readonly backend: Backend;
  /** Another backend of the same kind, for checks that close it or count on it. */
  make(): Promise<Backend>;
  /** Notes the distance of a result from what was expected, for the report. */
  measure(op: string, dtype: DType, ulp: number): void;
  /** Makes the device of `backend` go away; absent where nobody said how. */
  loseDevice?(backend: Backend): void | Promise<void>;
}

/** One fact to try. `run` throws when it does not hold, {@link Skipped} when it cannot be tried. */
export interface Check {
  /** Distinct and stable: parts joined by " > ", the operation first. */
  readonly id: string;
  readonly tier: Tier;
  /** The dtype it is about, where it is about one. */
  readonly dtype?: DType;
  readonly needs?: Needs;
  /** Whether `run` calls functions as the bench has prepared them, so that it is tried in both ways. */
  readonly compiles?: boolean;
  run(bench: Bench): void | Promise<void>;
}

/** Thrown by a check that finds nothing to try on this backend; the message says why. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}

const separator = " > ";

/** What a check is about: the first part of its id, mostly an operation. */
export function topicOf(id: string): string {
  return id.split(separator, 1)[0] ?? "";
}

/** Checks, or results of checks, by what they are about. */
export function byTopic<T extends { readonly id: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const topic = topicOf(item.id);
    const group = groups.get(topic);
    if (group === undefined) groups.set(topic, [item]);
    else group.push(item);
  }
  return groups;
}

/** The id without its topic. */
export function titleOf(id: string): string {
  return id.slice(topicOf(id).length + separator.length);
}

/** Why a backend with these capabilities cannot run a check; undefined when it can. */
export function missing(needs: Needs | undefined, has: Capabilities): string | undefined {
  if (needs === undefined) return undefined;
  const dtype = needs.dtypes?.find((each) => !has.dtypes.includes(each));
  if (dtype !== undefined) return `capabilities.dtypes has no ${dtype}`;
  if (needs.ieee === true && has.nan !== "ieee") return `capabilities.nan is "${has.nan}"`;
  if (needs.syncRead === true && !has.syncRead) return "capabilities.syncRead is false";
  if (needs.exactInt32 === true && !has.exactInt32) return "capabilities.exactInt32 is false";
  if (needs.subnormals === true && has.subnormals === false)
    return "capabilities.subnormals is false";
  return undefined;
}
