import type { Table } from "../table.js";
import { cellsOf, headsOf, verdictOf } from "./columns.js";

/** A table for a terminal. */
export function tableText(table: Table): string {
  const lines = [headsOf(table), ...table.rows.map((row) => cellsOf(table, row))];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  const rows = lines.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const below = [verdictOf(table), table.checked].filter((line) => line !== null);
  return [`${table.title}  [${table.id}]`, ...[...rows, ...below].map((line) => `  ${line}`)].join(
    "\n",
  );
}
