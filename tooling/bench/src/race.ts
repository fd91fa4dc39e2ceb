// One workload on all engines: prepare, compare, time in turns.

import { disagreement, tolerance } from "./agreement.js";
import { type Command, EngineProcess } from "./engine-process.js";
import type { Engine } from "./engines/index.js";
import { writeTask } from "./handover.js";
import type { Prepared } from "./protocol.js";
import { type RoundOptions, rates } from "./rounds.js";
import { rowOf, type Table } from "./table.js";
import type { Task } from "./task.js";
import type { Workload } from "./workload.js";

/** An engine and how to start it, or why it cannot be started. */
export interface Contestant {
  readonly engine: Engine;
  readonly command: Command | Error;
}

/** Where the files of a run lie, and how it is timed. */
export interface Surroundings {
  readonly scratch: string;
  readonly options: RoundOptions;
}

/** Times `workload`. */
export async function race(
  workload: Workload,
  contestants: readonly Contestant[],
  { scratch, options }: Surroundings,
): Promise<Table> {
  const { id, title, unit, perRun } = workload;
  const entries = await prepare(workload.task(), contestants, scratch);
  try {
    const checked = refuseStrangers(entries);
    refuseSlow(entries);
    const samples = await rates(
      entries.map((entry) => async (times) => (await ready(entry).run(times)).milliseconds),
      options,
    );
    const rows = entries.map(({ engine }, i) => {
      const own = samples[i] ?? [];
      return rowOf(engine, own instanceof Error ? own : own.map((rate) => rate * perRun));
    });
    return { id, title, unit, better: "more", checked, rows };
  } finally {
    stopAll(entries);
  }
}

/** What an engine computed, to be compared. */
export interface Compared {
  readonly engine: Engine;
  readonly values: Prepared["values"];
  /** Why it is not timed; null: it is. */
  refusal: Error | null;
}

/** An engine that was asked to prepare a task. */
export interface Entry extends Compared, Prepared {
  readonly process: EngineProcess | null;
}

/** Has all contestants read `task`, through files in `scratch`, and compute what must agree. */
export async function prepare(
  task: Task,
  contestants: readonly Contestant[],
  scratch: string,
): Promise<Entry[]> {
  writeTask(scratch, task);
  const nothing = { values: [], milliseconds: 0 };
  const entries: Entry[] = [];
  for (const { engine, command } of contestants) {
    if (command instanceof Error) {
      entries.push({ engine, process: null, ...nothing, refusal: command });
      continue;
    }
    const process = new EngineProcess(command);
    try {
      entries.push({ engine, process, ...(await process.prepare(scratch)), refusal: null });
    } catch (error) {
      process.stop();
      entries.push({ engine, process, ...nothing, refusal: error as Error });
    }
  }
  return entries;
}

/** The process of an engine that takes part. Throws: why it does not. */
export function ready({ process, refusal }: Entry): EngineProcess {
  if (refusal !== null) throw refusal;
  if (process === null) throw new Error("not started");
  return process;
}

/** A run that takes longer, in seconds, is not worth everybody's wait. */
const slowest = 15;

function refuseSlow(entries: readonly Entry[]): void {
  for (const entry of entries) {
    const seconds = entry.milliseconds / 1000;
    if (seconds > slowest) entry.refusal ??= new Error(`too slow: ${seconds.toFixed(0)} s a run`);
  }
}

/** Ends the processes of `entries`. */
export function stopAll(entries: readonly Entry[]): void {
  for (const { process } of entries) process?.stop();
}

/**
 * Refuses all whose values are not those of the reference: PyTorch where it runs, else the first that
 * is not ours, else the first. Says what was compared.
 */
export function refuseStrangers(entries: readonly Compared[]): string {
  const able = entries.filter(({ refusal }) => refusal === null);
  const same = able.filter(({ engine }) => engine.otherWork === undefined);
  const reference =
    same.find(({ engine }) => engine.role === "native") ??
    same.find(({ engine }) => engine.role !== "ours") ??
    same[0];
  for (const entry of able) {
    // Other work has other values: of it only NaN is found, which does not even equal itself.
    const expected = same.includes(entry) && reference !== undefined ? reference : entry;
    const where = disagreement(entry.values, expected.values);
    if (where === undefined) continue;
    entry.refusal = new Error(`disagrees with ${expected.engine.name}: ${where}`);
  }
  const agreeing = same.filter(({ refusal }) => refusal === null).map(({ engine }) => engine.name);
  if (reference === undefined) return "nothing was compared";
  const count = reference.values.length;
  const what = count === 1 ? "1 value" : `${count} values`;
  return `${what} within ${tolerance} of those of ${reference.engine.name}: ${agreeing.join(", ")}`;
}
