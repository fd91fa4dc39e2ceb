// The command line.

import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Engine, engines } from "./engines/index.js";
import type { RoundOptions } from "./rounds.js";

/** What one run does. */
export interface Options extends RoundOptions {
  readonly only: readonly string[] | null;
  readonly engines: readonly Engine[];
  readonly json: string | undefined;
  readonly md: string | undefined;
}

/** A command line that cannot be followed. */
export class UsageError extends Error {}

/** Whether the workload `id` is one of those named: itself, or what it begins with. */
export function isNamed(id: string, names: readonly string[] | null | undefined): boolean {
  return names?.some((name) => id === name || id.startsWith(`${name}/`)) ?? true;
}

/** What `--help` prints; `ids` are the workloads there are. */
export function usage(ids: readonly string[]): string {
  return `Usage: pnpm bench [options]

  --only A,B      these workloads, by name or by what it begins with ("w1", "w5/512")
  --peers A,B     these engines beside chainrule-eager; "none": only that. Default: all
  --rounds N      rounds per engine (default 7)
  --seconds S     length of a round (default 0.3)
  --json FILE     writes everything as data
  --md FILE       writes the tables for the docs
  --help

Workloads: ${ids.join(" ")}
Engines: ${engines.map(({ name }) => name).join(" ")}
`;
}

/** Reads the command line; null asks for help. Throws: {@link UsageError}. */
export function readOptions(args: readonly string[], ids: readonly string[]): Options | null {
  const values = parse(args);
  if (values.help === true) return null;
  const only = values.only?.split(",") ?? null;
  for (const name of only ?? []) {
    if (!ids.some((id) => isNamed(id, [name]))) throw new UsageError(`no workload "${name}"`);
  }
  return {
    only,
    engines: chosenEngines(values.peers),
    rounds: positive("--rounds", values.rounds, true),
    seconds: positive("--seconds", values.seconds, false),
    json: writable(values.json),
    md: writable(values.md),
  };
}

/** Found out now, not after half an hour. */
function writable(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
    return file;
  } catch {
    throw new UsageError(`cannot write "${file}": its folder is not there, or not yours`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        peers: { type: "string" },
        rounds: { type: "string", default: "7" },
        seconds: { type: "string", default: "0.3" },
        json: { type: "string" },
        md: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function chosenEngines(text: string | undefined): readonly Engine[] {
  if (text === undefined) return engines;
  const names = text === "none" ? [] : text.split(",");
  const stranger = names.find((name) => !engines.some((engine) => engine.name === name));
  if (stranger !== undefined) throw new UsageError(`no engine "${stranger}"`);
  return engines.filter(({ name }, i) => i === 0 || names.includes(name));
}

function positive(option: string, text: string, whole: boolean): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(
    `${option} must be a positive ${whole ? "whole " : ""}number, not "${text}"`,
  );
}
