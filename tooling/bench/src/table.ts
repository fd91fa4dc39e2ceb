// What a workload came to, as data.

import type { Engine } from "./engines/index.js";
import { type Samples, summarize } from "./rounds.js";

/** One engine's line. */
export interface Row {
  readonly engine: string;
  readonly role: Engine["role"];
  /** Of each round. */
  readonly samples: readonly number[];
  /** null: there is no figure; the note says why. */
  readonly median: number | null;
  /** (max - min) / median over the rounds; null for what was measured once. */
  readonly spread: number | null;
  readonly note: string;
  /** Not the same work, as the note says: never the best peer. */
  readonly isOtherWork: boolean;
}

/** One workload's lines, in the order of the engines. */
export interface Table {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** What was compared before anything was timed. */
  readonly checked: string;
  readonly rows: readonly Row[];
}

/** The line of `engine`; a single sample has no spread. */
export function rowOf({ name, otherWork, role }: Engine, samples: Samples, note = ""): Row {
  const common = { engine: name, role, isOtherWork: otherWork !== undefined };
  if (samples instanceof Error) {
    const [firstLine = ""] = samples.message.split("\n");
    return { ...common, samples: [], median: null, spread: null, note: firstLine };
  }
  const { median, spread } = summarize(samples);
  return {
    ...common,
    samples,
    median,
    spread: samples.length > 1 ? spread : null,
    note: [note, otherWork].filter(Boolean).join("; "),
  };
}

/** A row with a figure. */
export type Measured = Row & { readonly median: number };

/** The line that all others are related to: the first of ours that has a figure. */
export function oursOf({ rows }: Table): Measured | undefined {
  return rows.filter(isMeasured).find(({ role }) => role === "ours");
}

/** The best of ours and the best peer that does the same work, where there are both. */
export function duelOf(table: Table): { ours: Measured; peer: Measured } | undefined {
  const ours = bestOf(table, "ours");
  const peer = bestOf(table, "peer");
  return ours === undefined || peer === undefined ? undefined : { ours, peer };
}

function bestOf({ rows, better }: Table, role: Engine["role"]): Measured | undefined {
  const sign = better === "more" ? -1 : 1;
  return rows
    .filter(isMeasured)
    .filter((row) => row.role === role && !row.isOtherWork)
    .toSorted((a, b) => sign * (a.median - b.median))[0];
}

function isMeasured(row: Row): row is Measured {
  return row.median !== null;
}
