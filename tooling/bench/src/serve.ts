// The side of the engine: a process that does what it is asked, one line of JSON at a time. Requests
// come on stdin, replies go to file descriptor 3, so that libraries may print what they like.

import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { readTask } from "./handover.js";
import type { Reply, Request } from "./protocol.js";
import type { Runner, Tasks } from "./runner.js";
import type { Task } from "./task.js";

/** Answers requests with the tasks that `open` resolves to, until stdin ends. */
export async function serve(open: () => Tasks | Promise<Tasks>): Promise<void> {
  let runner: Runner | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    let reply: Reply;
    try {
      if ("task" in request) {
        const task = readTask(request.task);
        runner = await start(await open(), task);
        const begin = performance.now();
        const values = sample(await runner.values());
        const runs = task.kind === "training" ? task.checkedSteps : 1;
        reply = { values, milliseconds: (performance.now() - begin) / runs };
      } else {
        if (runner === undefined) throw new Error("nothing was prepared");
        const begin = performance.now();
        await runner.run(request.run);
        reply = { milliseconds: performance.now() - begin, peakBytes: peakBytes() };
      }
    } catch (error) {
      reply = { error: error instanceof Error ? error.message : String(error) };
    }
    writeSync(3, `${JSON.stringify(reply)}\n`);
  }
}

function start(tasks: Tasks, task: Task): Runner | Promise<Runner> {
  const made = task.kind === "training" ? tasks.training?.(task) : tasks.call?.(task);
  if (made === undefined) throw new Error("not available");
  return made;
}

/** A thousand elements, evenly spaced, of those there are; NaN and infinities as strings. */
function sample(values: ArrayLike<number>): (number | string)[] {
  const count = Math.min(values.length, 1000);
  return Array.from({ length: count }, (_, i) => {
    const value = values[Math.floor((i * values.length) / count)] ?? Number.NaN;
    return Number.isFinite(value) ? value : String(value);
  });
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
