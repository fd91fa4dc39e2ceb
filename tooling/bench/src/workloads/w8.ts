// W8: from the start of a process to the first step of W1 (batch 64), the size of what such a program
// imports, and the most memory that steps of W2 take.

import { spawn } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleForBrowser, bundleForNode } from "../bundle.js";
import type { Engine } from "../engines/index.js";
import {
  type Compared,
  type Contestant,
  prepare,
  ready,
  refuseStrangers,
  type Surroundings,
  stopAll,
} from "../race.js";
import { inTurns } from "../rounds.js";
import { type Row, rowOf, type Table } from "../table.js";
import { w2Task } from "./w2.js";

/** A workload that is no matter of rates. */
export interface Measurement {
  readonly id: string;
  measure(contestants: readonly Contestant[], surroundings: Surroundings): Promise<Table>;
}

export const w8: readonly Measurement[] = [
  { id: "w8/start", measure: start },
  { id: "w8/size", measure: size },
  { id: "w8/memory", measure: memory },
];

/** What all that run in Node cannot do without. */
const nodeAlone: Engine = {
  name: "node alone",
  role: "yardstick",
  file: "",
  packages: [],
  program: { file: "programs/nothing.ts", assets: [] },
  otherWork: "prints a number",
};

async function start(
  contestants: readonly Contestant[],
  { scratch, options }: Surroundings,
): Promise<Table> {
  const engines = [...contestants.map(({ engine }) => engine), nodeAlone];
  const entries: (Compared & { readonly file: string })[] = [];
  for (const engine of engines) {
    const { program } = engine;
    if (program === undefined) continue;
    const [file = ""] = await bundleForNode([program.file], scratch);
    for (const asset of program.assets) {
      copyFileSync(installed(asset), join(dirname(file), basename(asset)));
    }
    // Once before the rounds: for the value, and for what the system caches.
    const once = await firstStep(file).catch((error: Error) => error);
    const [values, refusal] = once instanceof Error ? [[], once] : [[once.loss], null];
    entries.push({ engine, file, values, refusal });
  }
  const checked = refuseStrangers(entries);
  const samples = await inTurns(
    entries.map(({ file, refusal }) => ({
      rounds: options.rounds,
      take: async () => {
        if (refusal !== null) throw refusal;
        return (await firstStep(file)).milliseconds;
      },
    })),
  );
  return {
    id: "w8/start",
    title: "W8: from the start of a process to the first step of W1",
    unit: "ms",
    better: "less",
    checked,
    rows: entries.map(({ engine }, i) => rowOf(engine, samples[i] ?? [])),
  };
}

/** Runs a program until it prints the loss of its first step. */
function firstStep(file: string): Promise<{ milliseconds: number; loss: number }> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
    let milliseconds = Number.NaN;
    let printed = "";
    let complaint = "";
    child.stdout.on("data", (text: Buffer) => {
      if (printed === "") milliseconds = performance.now() - begin;
      printed += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-500);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve({ milliseconds, loss: Number(printed) });
      else reject(new Error(complaint.trim() || `ended with code ${code}`));
    });
  });
}

async function size(contestants: readonly Contestant[]): Promise<Table> {
  const rows: Row[] = [];
  for (const { engine } of contestants) {
    if (engine.program === undefined) continue;
    try {
      const code = await bundleForBrowser(engine.program.file);
      const assets = engine.program.assets.map((asset) => readFileSync(installed(asset)));
      const packed = [code, ...assets].reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
      const wasm = assets.map(({ length }) => ` + ${kB(length)} kB of wasm`);
      rows.push(rowOf(engine, [packed / 1000], `${kB(code.length)} kB minified${wasm.join("")}`));
    } catch (error) {
      rows.push(rowOf(engine, error as Error));
    }
  }
  return {
    id: "w8/size",
    title: "W8: size of a program for W1, gzip",
    unit: "kB",
    better: "less",
    checked: "bundled and minified by esbuild for browsers",
    rows,
  };
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

/** Steps of W2 before its memory is read, those that are compared included. */
const memorySteps = 8;

async function memory(
  contestants: readonly Contestant[],
  { scratch }: Surroundings,
): Promise<Table> {
  const task = w2Task();
  const entries = await prepare(task, contestants, scratch);
  try {
    const checked = refuseStrangers(entries);
    const samples = await inTurns(
      entries.map((entry) => ({
        rounds: 1,
        take: async () => {
          const { peakBytes } = await ready(entry).run(memorySteps - task.checkedSteps);
          return peakBytes / 1e6;
        },
      })),
    );
    return {
      id: "w8/memory",
      title: `W8: the most memory of a process in ${memorySteps} steps of W2`,
      unit: "MB",
      better: "less",
      checked,
      rows: entries.map(({ engine }, i) => rowOf(engine, samples[i] ?? [])),
    };
  } finally {
    stopAll(entries);
  }
}

/** The path of a file that came with a package. */
function installed(file: string): string {
  return fileURLToPath(new URL(`../../node_modules/${file}`, import.meta.url));
}
