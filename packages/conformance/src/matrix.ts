// A report as a table: one line for each operation, and how far it is from the expected values.

import type { DType } from "@chainrule/kernel";
import type { CheckResult, Report } from "./report.js";

/** What became of the checks of one operation. */
export interface MatrixRow {
  readonly op: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The largest distance from an expected value in ULP, by float dtype; absent where none was seen. */
  readonly worst: Readonly<Partial<Record<DType, number>>>;
}

/** The rows of `report`, by the first part of the ids of its checks, in order. */
export function matrixRows({ results, worst }: Report): MatrixRow[] {
  const groups = grouped(results);
  const count = (checks: readonly CheckResult[], outcome: CheckResult["outcome"]): number =>
    checks.filter((check) => check.outcome === outcome).length;
  return [...groups].map(([op, checks]) => ({
    op,
    passed: count(checks, "passed"),
    failed: count(checks, "failed"),
    skipped: count(checks, "skipped"),
    worst: Object.fromEntries(
      worst.filter((each) => each.op === op).map(({ dtype, ulp }) => [dtype, ulp]),
    ),
  }));
}

/** The rows as a Markdown table, which ends with the counts of all. */
export function formatMatrix(report: Report): string {
  const floats = ["float32", "float64"] as const;
  const lines = matrixRows(report).map(({ op, passed, failed, skipped, worst }) =>
    cells(op, passed, failed, skipped, ...floats.map((dtype) => distance(worst[dtype]))),
  );
  const { backend, passed, failed, skipped } = report;
  return [
    `# Conformance of ${backend}`,
    "",
    cells("operation", "passed", "failed", "skipped", ...floats.map((d) => `worst ULP ${d}`)),
    cells("---", "---:", "---:", "---:", ...floats.map(() => "---:")),
    ...lines,
    "",
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
    "",
  ].join("\n");
}

function cells(...values: readonly (string | number)[]): string {
  return `| ${values.join(" | ")} |`;
}

function distance(ulp: number | undefined): string {
  return ulp === undefined ? "" : String(Number(ulp.toPrecision(2)));
}

function grouped(results: readonly CheckResult[]): Map<string, CheckResult[]> {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const op = result.id.split(" > ", 1)[0] ?? "";
    const group = groups.get(op);
    if (group === undefined) groups.set(op, [result]);
    else group.push(result);
  }
  return groups;
}
