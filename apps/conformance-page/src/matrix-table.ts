// The matrix as a table: a row for each operation that was chosen, run or not, a column for each dtype.

import {
  type Check,
  type CheckResult,
  type MatrixCell,
  matrixColumns,
  matrixRows,
  type Report,
} from "@chainrule/conformance";
import { element } from "./dom.js";

interface Cell {
  readonly state: "passed" | "failed" | "skipped" | "not-run" | "none" | "count";
  readonly text: string;
}

interface Row {
  readonly op: string;
  readonly cells: readonly Cell[];
  readonly failures: readonly CheckResult[];
}

/** Draws what `report` knows of `checks`. Rows that have not changed keep what is open in them. */
export function drawMatrix(
  table: HTMLTableElement,
  checks: readonly Check[],
  report: Report,
): void {
  const titles = ["operation", ...matrixColumns(report), "passed", "failed", "skipped", "not run"];
  const heads = titles.map((title) => element("th", { scope: "col" }, title));
  (table.tHead ?? table.createTHead()).replaceChildren(element("tr", {}, ...heads));

  const rows = rowsOf(checks, report);
  for (const [i, row] of rows.entries()) {
    const state = JSON.stringify(row);
    const there = table.tBodies[i] ?? table.createTBody();
    if (there.dataset.state !== state) there.replaceWith(drawRow(row, state));
  }
  for (const left of [...table.tBodies].slice(rows.length)) left.remove();
}

function rowsOf(checks: readonly Check[], report: Report): Row[] {
  const columns = matrixColumns(report);
  const done = new Map(matrixRows(report).map((row) => [row.op, row]));
  const failures = report.results.filter(({ outcome }) => outcome === "failed");
  const chosen = Map.groupBy(checks, ({ id }) => id.split(" > ", 1)[0] ?? "");
  return [...chosen].map(([op, own]) => {
    const { passed = 0, failed = 0, skipped = 0, cells = {} } = done.get(op) ?? {};
    const counts = [passed, failed, skipped, own.length - passed - failed - skipped];
    return {
      op,
      cells: [
        ...columns.map((column) => {
          const ofColumn = own.filter(({ dtype = "other" }) => dtype === column);
          return cellOf(ofColumn.length, cells[column]);
        }),
        ...counts.map((count): Cell => ({ state: "count", text: String(count) })),
      ],
      failures: failures.filter((each) => each.op === op),
    };
  });
}

/** The cell of `chosen` checks, which have passed only when none of them is still to be run. */
function cellOf(chosen: number, cell: MatrixCell | undefined): Cell {
  const { passed = 0, failed = 0, skipped = 0, worst } = cell ?? {};
  if (chosen === 0) return { state: "none", text: "–" };
  if (failed > 0) return { state: "failed", text: `FAIL ${failed}/${chosen}` };
  if (passed + skipped < chosen) return { state: "not-run", text: "not run" };
  if (passed === 0) return { state: "skipped", text: "skip" };
  const distance = worst === undefined ? "" : ` ${Number(worst.toPrecision(2))}`;
  return { state: "passed", text: `ok${distance}` };
}

function drawRow({ op, cells, failures }: Row, state: string): HTMLTableSectionElement {
  const drawn = element("tbody", {}, element("tr", {}, element("th", { scope: "row" }, op)));
  drawn.dataset.state = state;
  drawn.rows[0]?.append(...cells.map(({ state, text }) => element("td", { class: state }, text)));
  if (failures.length > 0) {
    const wide = element("td", { colspan: String(cells.length + 1) }, drawFailures(failures));
    drawn.append(element("tr", {}, wide));
  }
  return drawn;
}

function drawFailures(failures: readonly CheckResult[]): HTMLElement {
  const items = failures.map(({ id, message = "" }) =>
    element("li", {}, element("strong", {}, id), `: ${message}`),
  );
  const title = `${failures.length} failed: ${failures[0]?.op}`;
  return element("details", {}, element("summary", {}, title), element("ul", {}, ...items));
}
