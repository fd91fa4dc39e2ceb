// The command line of the suite: which backend, which checks, where the results go.

import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { allTiers, type Tier } from "../check.js";
import { formatMatrix } from "../matrix.js";
import { formatReport, type Report } from "../report.js";
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

  --backend NAME   js, tfjs, … (the package @chainrule/backend-NAME), a package, or ./file.js
  --export NAME    which export makes the backend; default: the default export, or the only function
  --tier N         only this tier, 0 to 3; may be repeated
  --filter TEXT    only checks whose id contains TEXT
  --json FILE      writes all results
  --md FILE        writes a table of operations
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
    const make = await loadBackend(options.backend, directory, options.factory);
    const report = await runConformance(make, options.conformance);
    stdout.write(`${formatReport(report)}\n`);
    await save(report, options, directory);
    return report.failed === 0 && report.passed > 0 ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`conformance: ${error.message}\n`);
    return exitCodes.usage;
  }
}

interface Options {
  readonly backend: string;
  readonly factory: string | undefined;
  readonly conformance: ConformanceOptions;
  readonly json: string | undefined;
  readonly md: string | undefined;
}

function readOptions(args: readonly string[]): Options | "help" {
  const { backend, export: factory, tier = [], filter, json, md, help } = parse(args);
  if (help === true) return "help";
  if (backend === undefined) throw new UsageError("--backend is missing. Try --help.");
  const tiers = tier.map(tierOf);
  return {
    backend,
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
        backend: { type: "string" },
        export: { type: "string" },
        tier: { type: "string", multiple: true },
        filter: { type: "string" },
        json: { type: "string" },
        md: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function tierOf(text: string): Tier {
  const tier = allTiers.find((each) => String(each) === text);
  if (tier !== undefined) return tier;
  throw new UsageError(`--tier must be one of ${allTiers.join(", ")}: got "${text}"`);
}

async function save(report: Report, { json, md }: Options, directory: string): Promise<void> {
  if (json !== undefined) await write(resolve(directory, json), `${JSON.stringify(report)}\n`);
  if (md !== undefined) await write(resolve(directory, md), formatMatrix(report));
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
