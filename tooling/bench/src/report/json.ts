import type { Machine } from "../machine.js";
import type { RoundOptions } from "../rounds.js";
import { duelOf, oursOf, type Table } from "../table.js";

/** All tables as data, with the ratios that the other reports print. */
export function jsonText(
  machine: Machine,
  { rounds, seconds }: RoundOptions,
  tables: readonly Table[],
): string {
  return `${JSON.stringify({ machine, rounds, seconds, tables: tables.map(withRatios) }, null, 2)}\n`;
}

function withRatios(table: Table): object {
  const ours = oursOf(table)?.median;
  const duel = duelOf(table);
  const rows = table.rows.map((row) => {
    const related = ours !== undefined && row.median !== null;
    return { ...row, toOurs: related ? row.median / ours : null };
  });
  const oursToBestPeer = duel && {
    ours: duel.ours.engine,
    peer: duel.peer.engine,
    ratio: duel.ours.median / duel.peer.median,
  };
  return { ...table, rows, oursToBestPeer: oursToBestPeer ?? null };
}
