// Reports as a table: one line for each operation, one column for each dtype of each backend.

import type { DType } from "@chainrule/kernel";
import { byTopic } from "./check.js";
import { type CheckResult, countOf, type Report } from "./report.js";

/** What became of some checks. */
export interface MatrixCell {
  /** "passed" when all that were run passed; what was not run never did. */
  readonly outcome: CheckResult["outcome"] | "not run";
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The largest distance from an expected value in ULP; absent where none was seen. */
  readonly worst?: number;
}

/** A column of a backend; "other" is for checks that are not about one dtype. */
export type MatrixColumn = DType | "other";

/** What became of the checks of one operation. */
export interface MatrixRow {
  readonly op: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The largest distance from an expected value in ULP, by float dtype; absent where none was seen. */
  readonly worst: Readonly<Partial<Record<DType, number>>>;
  /** The same by {@link matrixColumns}. */
  readonly cells: Readonly<Partial<Record<MatrixColumn, MatrixCell>>>;
}

/** The columns of `report`: the dtypes of its backend, and "other". */
export function matrixColumns({ capabilities }: Report): MatrixColumn[] {
  return [...(capabilities?.dtypes ?? []), "other"];
}

/** The rows of `report`, by operation, in the order in which they were run. */
export function matrixRows(report: Report): MatrixRow[] {
  const columns = matrixColumns(report);
  return [...byTopic(report.results)].map(([op, checks]) => {
    const worst: MatrixRow["worst"] = Object.fromEntries(
      report.worst.filter((each) => each.op === op).map(({ dtype, ulp }) => [dtype, ulp]),
    );
    const cells = columns.map((column) => {
      const own = checks.filter(({ dtype = "other" }) => dtype === column);
      return [column, cellOf(own, column === "other" ? undefined : worst[column])] as const;
    });
    return { op, ...countsOf(checks), worst, cells: Object.fromEntries(cells) };
  });
}

/** Reports as a Markdown page: the matrix, and last the counts of each backend. */
export function formatMatrix(reports: Report | readonly Report[]): string {
  const all = [reports].flat();
  return [
    `# Conformance of ${all.map(({ backend }) => backend).join(", ")}`,
    "",
    ...matrixLines(all),
    "",
    ...all.map(({ backend, passed, failed, skipped }) => {
      const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
      return all.length === 1 ? counts : `- ${backend}: ${counts}`;
    }),
    "",
  ].join("\n");
}

/** The matrix as the lines of a Markdown table that is aligned as it stands, and what its words mean. */
export function matrixLines(reports: readonly Report[]): string[] {
  const blocks = reports.map((report) => ({
    name: reports.length === 1 ? "" : `${report.backend} `,
    columns: matrixColumns(report),
    rows: new Map(matrixRows(report).map((row) => [row.op, row])),
  }));
  const operations = [...new Set(blocks.flatMap(({ rows }) => [...rows.keys()]))];
  const titles = blocks.flatMap(({ name, columns }) => columns.map((column) => name + column));
  const lines = operations.map((op) => [
    op,
    ...blocks.flatMap(({ columns, rows }) =>
      columns.map((column) => cellText(rows.get(op)?.cells[column])),
    ),
  ]);
  return [
    ...aligned([["operation", ...titles], ...lines]),
    "",
    "ok: every check that was run passed, with the largest distance from an expected value in ULP;",
    "FAIL: failed of all; skip: none could be run; -: there is none.",
  ];
}

function cellText(cell: MatrixCell | undefined): string {
  if (cell === undefined || cell.outcome === "not run") return "-";
  const { outcome, passed, failed, skipped, worst } = cell;
  if (outcome === "failed") return `FAIL ${failed}/${passed + failed + skipped}`;
  if (outcome === "skipped") return "skip";
  return worst === undefined ? "ok" : `ok ${Number(worst.toPrecision(2))}`;
}

/** Rows of a Markdown table, the first of which is its head. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function cellOf(checks: readonly CheckResult[], worst: number | undefined): MatrixCell {
  const counts = countsOf(checks);
  const outcome = (["failed", "passed", "skipped"] as const).find((each) => counts[each] > 0);
  return { outcome: outcome ?? "not run", ...counts, ...(worst !== undefined && { worst }) };
}

function countsOf(checks: readonly CheckResult[]): Record<CheckResult["outcome"], number> {
  return {
    passed: countOf(checks, "passed"),
    failed: countOf(checks, "failed"),
    skipped: countOf(checks, "skipped"),
  };
}
