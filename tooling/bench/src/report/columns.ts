// The cells of a table, for whatever prints them.

import { duelOf, oursOf, type Row, type Table } from "../table.js";

/** The heads of the columns. */
export function headsOf(table: Table): readonly string[] {
  return ["engine", table.unit, "spread", `this / ${oursOf(table)?.engine ?? "ours"}`, ""];
}

/** The cells of one engine's line. */
export function cellsOf(
  table: Table,
  { engine, isOtherWork, median, note, spread }: Row,
): string[] {
  const name = isOtherWork ? `${engine} *` : engine;
  if (median === null) return [name, "-", "", "", note];
  const ours = oursOf(table);
  return [
    name,
    significant(median),
    spread === null ? "" : `${(spread * 100).toFixed(0)} %`,
    ours === undefined ? "" : significant(median / ours.median),
    isOtherWork ? `* ${note}` : note,
  ];
}

/** The line below a table: ours against the best peer. */
export function verdictOf(table: Table): string | null {
  const duel = duelOf(table);
  if (duel === undefined) return null;
  const { ours, peer } = duel;
  const less = table.better === "less" ? " (less is better)" : "";
  return `ours / best peer: ${ours.engine} / ${peer.engine} = ${significant(ours.median / peer.median)}${less}`;
}

/** Three digits at least, with thousands apart. */
function significant(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value >= 0.001 ? value.toPrecision(3) : value.toExponential(1);
}
