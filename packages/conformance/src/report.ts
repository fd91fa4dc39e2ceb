// What a run found, as data and as text.

import type { DType } from "@chainrule/kernel";
import type { Tier } from "./check.js";

/** What became of one check. */
export interface CheckResult {
  readonly id: string;
  readonly tier: Tier;
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
  readonly backend: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly CheckResult[];
  readonly worst: readonly WorstUlp[];
}

/**
 * The report as text: failures, reasons of skips, the largest distances, and last a line
 * `N passed, N failed, N skipped`.
 */
export function formatReport(report: Report): string {
  const { backend, passed, failed, skipped } = report;
  return [
    `conformance of ${backend}`,
    ...failures(report),
    ...skips(report),
    ...distances(report),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join("\n");
}

function failures({ results }: Report): string[] {
  return results
    .filter(({ outcome }) => outcome === "failed")
    .map(({ id, message }) => `failed: ${id}\n    ${message ?? ""}`);
}

/** One line per reason. */
function skips({ results }: Report): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, message = "" } of results) {
    if (outcome === "skipped") counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`);
}

/** The operations that are not exact, furthest first. */
function distances({ worst }: Report): string[] {
  const inexact = worst.filter(({ ulp }) => ulp > 0.5).sort((a, b) => b.ulp - a.ulp);
  if (inexact.length === 0) return [];
  const items = inexact.map(({ op, dtype, ulp }) => `${op} ${dtype} ${Number(ulp.toPrecision(2))}`);
  return [`largest distances in ULP: ${items.join(", ")}`];
}
