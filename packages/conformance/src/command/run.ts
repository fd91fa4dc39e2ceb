// The command line of the suite: which backend, which checks, where the results go.

import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { allTiers, type Tier, tierNames } from "../check.js";
import { formatMatrix } from "../matrix.js";
import type { Report } from "../report.js";
import { formatReport } from "../report-text.js";
import { type ConformanceOptions, runConformance } from "../runner.js";
import { loadBackend, UsageError } from "./load-backend.js";

/** Where a run takes place and writes. */
export interface Surroundings {
  readonly directory: string;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Exit codes: all passed, some failed, not understood. */
export const exitCodes = { passed: 0, failed: 1, usage: 2 } as const;

const usage = `Usage: chainrule-conformance --backend NAME [options]

  --backend NAME   js, tfjs, … (the package @chainrule/backend-NAME), a package, or ./file.js;
                   several of them stand side by side in the tables
  --export NAME    which export makes the backend; default: the default export, or the only function
                   besides loseDevice(backend), which makes its device go away
  --tier N         only this tier; may be repeated
${allTiers.map((tier) => `                     ${tier} ${tierNames[tier]}\n`).join("")}  --filter TEXT    only checks whose id contains TEXT
  --json FILE      writes all results
  --md FILE        writes the table of operations and dtypes
  --help

Exit codes: 0 all passed, 1 some failed, 2 a command line that makes no sense.
`;

/** Runs the command line `args` and returns the exit code. */
export async function runCommand(
  args: readonly string[],
  { directory, stdout, stderr }: Surroundings,
): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      stdout.write(usage);
      return exitCodes.passed;
    }
    const reports: Report[] = [];
    for (const named of options.backends) {
      const { make, ...more } = await loadBackend(named, directory, options.factory);
      try {
        reports.push(await runConformance(make, { ...options.conformance, ...more }));
      } catch (error) {
        stderr.write(`conformance: "${named}" gives no backend: ${messageOf(error)}\n`);
        return exitCodes.failed;
      }
    }
    if (reports.every(({ results }) => results.length === 0)) {
      stderr.write("conformance: nothing was run: no check has such a tier and name\n");
      return exitCodes.failed;
    }
    stdout.write(`${formatReport(reports)}\n`);
    await save(reports, options, directory);
    const isGood = reports.every(({ failed, passed }) => failed === 0 && passed > 0);
    return isGood ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`conformance: ${error.message}\n`);
    return exitCodes.usage;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Options {
  readonly backends: readonly string[];
  readonly factory: string | undefined;
  readonly conformance: ConformanceOptions;
  readonly json: string | undefined;
  readonly md: string | undefined;
}

function readOptions(args: readonly string[]): Options | "help" {
  const { backend: backends, export: factory, tier = [], filter, json, md, help } = parse(args);
  if (help === true) return "help";
  if (backends === undefined) throw new UsageError("--backend is missing. Try --help.");
  const tiers = tier.map(tierOf);
  return {
    backends,
    factory,
    conformance: {
      ...(tiers.length === 0 ? {} : { tiers }),
      ...(filter === undefined ? {} : { filter }),
    },
    json,
    md,
  };
}

function parse(args: readonly string[]) {
  // `pnpm conformance -- --backend js` passes the dashes on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    return parseArgs({
      args: given,
      options: {
        backend: { type: "string", multiple: true },
        export: { type: "string" },
        tier: { type: "string", multiple: true },
        filter: { type: "string" },
        json: { type: "string" },
        md: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(messageOf(cause), { cause });
  }
}

function tierOf(text: string): Tier {
  const tier = allTiers.find((each) => String(each) === text);
  if (tier !== undefined) return tier;
  throw new UsageError(`--tier must be one of ${allTiers.join(", ")}: got "${text}"`);
}

async function save(
  reports: readonly Report[],
  { json, md }: Options,
  directory: string,
): Promise<void> {
  const [only] = reports;
  const data = reports.length === 1 ? only : reports;
  if (json !== undefined) await write(resolve(directory, json), `${JSON.stringify(data)}\n`);
  if (md !== undefined) await write(resolve(directory, md), formatMatrix(reports));
}

/** Writes all of a file or nothing of it. */
async function write(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (cause) {
    throw new UsageError(`cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
