// Reports as text for a terminal.

import { allTiers, tierNames } from "./check.js";
import { matrixLines } from "./matrix.js";
import { type CheckResult, countOf, type Report } from "./report.js";

/**
 * Reports as text: failures, reasons of skips, the largest distances and the counts of every tier for
 * each; the matrix of all; and last a line `N passed, N failed, N skipped`.
 */
export function formatReport(reports: Report | readonly Report[]): string {
  const all = [reports].flat();
  const total = (outcome: "passed" | "failed" | "skipped"): number =>
    all.reduce((sum, report) => sum + report[outcome], 0);
  return [
    ...all.flatMap((report) => [
      `conformance of ${report.backend}`,
      ...failures(report),
      ...skips(report),
      ...distances(report),
      ...tiers(report),
      "",
    ]),
    ...matrixLines(all),
    "",
    `${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`,
  ].join("\n");
}

/** So many failures in the same words are written out. */
const written = 5;

function failures({ results }: Report): string[] {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  return [...byMessage(failed)].flatMap(([message, checks]) => [
    ...checks.slice(0, written).map(({ id }) => `failed: ${id}\n    ${message}`),
    ...(checks.length > written
      ? [`failed: ${checks.length - written} more in the same words`]
      : []),
  ]);
}

/** One line per reason. */
function skips({ results }: Report): string[] {
  const skipped = results.filter(({ outcome }) => outcome === "skipped");
  return [...byMessage(skipped)].map(([reason, { length }]) => `skipped ${length}: ${reason}`);
}

function byMessage(results: readonly CheckResult[]): Map<string, CheckResult[]> {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const { message = "" } = result;
    const group = groups.get(message);
    if (group === undefined) groups.set(message, [result]);
    else group.push(result);
  }
  return groups;
}

/** The operations that are furthest from the expected values; the matrix has all of them. */
function distances({ worst }: Report): string[] {
  const inexact = worst.filter(({ ulp }) => ulp > 0.5).sort((a, b) => b.ulp - a.ulp);
  if (inexact.length === 0) return [];
  const items = inexact
    .slice(0, 5)
    .map(({ op, dtype, ulp }) => `${op} ${dtype} ${Number(ulp.toPrecision(2))}`);
  return [`largest distances in ULP: ${items.join(", ")}`];
}

/** One line per tier that was run. */
function tiers({ results }: Report): string[] {
  return allTiers.flatMap((tier) => {
    const own = results.filter((result) => result.tier === tier);
    if (own.length === 0) return [];
    const counts = (["passed", "failed", "skipped"] as const).map(
      (outcome) => `${countOf(own, outcome)} ${outcome}`,
    );
    return [`tier ${tier}, ${tierNames[tier]}: ${counts.join(", ")}`];
  });
}
