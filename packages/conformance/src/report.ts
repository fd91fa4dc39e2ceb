// What a run found, as plain data.

import type { BackendInfo, Capabilities } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import type { Tier } from "./check.js";

/** The version of what {@link Report} looks like, for those who read it as JSON. */
export const reportSchema = 1;

/** What became of one check. */
export interface CheckResult {
  readonly id: string;
  /** The first part of the id: an operation, or a topic such as "storage". */
  readonly op: string;
  readonly tier: Tier;
  /** Absent where the check is not about one dtype. */
  readonly dtype?: DType;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly message?: string;
}

/** The largest distance from an expected value seen for an operation in a dtype. */
export interface WorstUlp {
  readonly op: string;
  readonly dtype: DType;
  readonly ulp: number;
}

/** The outcome of a run; plain data, ready for JSON. */
export interface Report {
  readonly schema: typeof reportSchema;
  /** The name of the backend; empty where no check was run, and what follows is absent then. */
  readonly backend: string;
  readonly contract?: number;
  readonly capabilities?: Capabilities;
  /** Absent where `info()` throws, too. */
  readonly info?: BackendInfo;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly CheckResult[];
  readonly worst: readonly WorstUlp[];
}

/** How many of `results` came out so. */
export function countOf(results: readonly CheckResult[], outcome: CheckResult["outcome"]): number {
  return results.filter((result) => result.outcome === outcome).length;
}
