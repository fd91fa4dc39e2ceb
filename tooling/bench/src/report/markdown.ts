import { type Machine, machineText } from "../machine.js";
import type { RoundOptions } from "../rounds.js";
import type { Table } from "../table.js";
import { cellsOf, headsOf, verdictOf } from "./columns.js";

/** All tables as a page for the docs. */
export function markdownPage(
  machine: Machine,
  options: RoundOptions,
  tables: readonly Table[],
): string {
  const head = [
    "# Benchmarks",
    "",
    "Written by `pnpm bench --md`; what is measured, and how to read it: `tooling/bench/README.md`.",
    `Medians of ${options.rounds} interleaved rounds of ${options.seconds} s; spread = (max - min) / median. Compare only within a table.`,
    "",
    machineText(machine),
  ];
  return [...head, ...tables.flatMap((table) => ["", ...section(table)]), ""].join("\n");
}

function section(table: Table): string[] {
  const lines = [headsOf(table), ["---", "---:", "---:", "---:", "---"]];
  for (const row of table.rows) lines.push(cellsOf(table, row).map(escaped));
  const below = [verdictOf(table), table.checked].filter((line) => line !== null);
  return [
    `## ${table.title}`,
    "",
    ...lines.map((cells) => `| ${cells.join(" | ")} |`),
    ...below.flatMap((line) => ["", `${line}.`]),
  ];
}

/** What would end a cell, or mean something in Markdown. */
function escaped(cell: string): string {
  return cell.replaceAll(/[|*\\]/g, (character) => `\\${character}`);
}
