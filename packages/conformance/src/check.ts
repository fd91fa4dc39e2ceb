// A check: one fact about a backend that can be tried by itself, in any test framework.

import type { Backend, Capabilities } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";

/**
 * What a check is about: 0 storage and lifetime, 1 primitives and kernels, 2 composites, 3 gradients
 * of first and second order.
 */
export type Tier = 0 | 1 | 2 | 3;

/** Every tier there is, in order. */
export const allTiers: readonly Tier[] = [0, 1, 2, 3];

/** What a backend must have for a check to make sense. */
export interface Needs {
  readonly dtypes?: readonly DType[];
  /** NaN and infinities as IEEE 754 says. */
  readonly ieee?: boolean;
  readonly syncRead?: boolean;
  readonly exactInt32?: boolean;
}

/** What a check works with. */
export interface Bench {
  /** The backend under test, shared by all checks. */
  readonly backend: Backend;
  /** Another backend of the same kind, for checks that close it or count on it. */
  make(): Promise<Backend>;
  /** Notes the distance of a result from what was expected, for the report. */
  measure(op: string, dtype: DType, ulp: number): void;
}

/** One fact to try. `run` throws when it does not hold. */
export interface Check {
  /** Distinct and stable: parts joined by " > ", the operation first. */
  readonly id: string;
  readonly tier: Tier;
  readonly needs?: Needs;
  run(bench: Bench): void | Promise<void>;
}

/** Why a backend with these capabilities cannot run a check; undefined when it can. */
export function missing(needs: Needs | undefined, has: Capabilities): string | undefined {
  if (needs === undefined) return undefined;
  const dtype = needs.dtypes?.find((each) => !has.dtypes.includes(each));
  if (dtype !== undefined) return `capabilities.dtypes has no ${dtype}`;
  if (needs.ieee === true && has.nan !== "ieee") return `capabilities.nan is "${has.nan}"`;
  if (needs.syncRead === true && !has.syncRead) return "capabilities.syncRead is false";
  if (needs.exactInt32 === true && !has.exactInt32) return "capabilities.exactInt32 is false";
  return undefined;
}
