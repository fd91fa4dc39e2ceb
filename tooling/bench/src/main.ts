// pnpm bench: speed beside peers, as ratios of one run. README.md says how to read it.

import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleForNode, scratchFolder } from "./bundle.js";
import type { Engine } from "./engines/index.js";
import { describeMachine, machineText } from "./machine.js";
import { isNamed, type Options, readOptions, UsageError, usage } from "./options.js";
import { findPython, type Python } from "./python.js";
import { type Contestant, race, type Surroundings } from "./race.js";
import { jsonText } from "./report/json.js";
import { markdownPage } from "./report/markdown.js";
import { tableText } from "./report/text.js";
import type { Table } from "./table.js";
import { workloads } from "./workloads/index.js";
import { type Measurement, w8 } from "./workloads/w8.js";

const measurements: readonly Measurement[] = [
  ...workloads.map((workload) => ({
    id: workload.id,
    measure: (all: readonly Contestant[], where: Surroundings) => race(workload, all, where),
  })),
  ...w8,
];

process.exitCode = await main();

/** Exit codes: 0 fine, 1 one of ours failed or disagrees, 2 a command line that makes no sense. */
async function main(): Promise<number> {
  const ids = measurements.map(({ id }) => id);
  try {
    const options = readOptions(process.argv.slice(2), ids);
    if (options === null) {
      process.stdout.write(usage(ids));
      return 0;
    }
    return await bench(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bench: ${error.message}`);
    return 2;
  }
}

async function bench(options: Options): Promise<number> {
  const scratch = scratchFolder();
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  const python = options.engines.some(isPython) ? findPython() : null;
  const machine = describeMachine(options.engines, python?.version ?? null);
  console.log(machineText(machine));
  const contestants = await prepareEngines(options.engines, python, scratch);
  const tables: Table[] = [];
  for (const { id, measure } of measurements) {
    if (!isNamed(id, options.only)) continue;
    const able = contestants.filter(({ engine }) => isNamed(id, engine.only));
    const table = await measure(able, { scratch, options });
    tables.push(table);
    console.log(`\n${tableText(table)}`);
  }
  const { json, md } = options;
  if (json !== undefined) writeFileSync(json, jsonText(machine, options, tables));
  if (md !== undefined) writeFileSync(md, markdownPage(machine, options, tables));
  const rows = tables.flatMap((table) => table.rows);
  return rows.some(({ role, median }) => role === "ours" && median === null) ? 1 : 0;
}

/** Bundles the programs of the engines; those in Python run as they are. */
async function prepareEngines(
  engines: readonly Engine[],
  python: Python | null,
  scratch: string,
): Promise<Contestant[]> {
  const scripts = engines.filter((engine) => !isPython(engine));
  const bundles = await bundleForNode(
    scripts.map(({ file }) => `engines/${file}`),
    scratch,
  );
  return engines.map((engine): Contestant => {
    const bundle = bundles[scripts.indexOf(engine)];
    if (bundle !== undefined) {
      return { engine, command: { program: process.execPath, args: [bundle] } };
    }
    if (python === null) return { engine, command: new Error("no Python with PyTorch found") };
    const script = fileURLToPath(new URL(`engines/${engine.file}`, import.meta.url));
    return { engine, command: { program: python.program, args: [script] } };
  });
}

function isPython({ file }: Engine): boolean {
  return file.endsWith(".py");
}
