// pnpm bench [--only w1|w4|calls|conv|tfjs] [--json]: speed as ratios of rivals timed in turns in one run.

import { arch, cpus } from "node:os";
import { parseArgs } from "node:util";
import { js } from "chainrule";
import { measure, type Result, type Rival } from "./rounds.js";
import { calls } from "./workloads/calls.js";
import { directions, shapes } from "./workloads/conv.js";
import { tfjsSteps } from "./workloads/tfjs.js";
import { w1 } from "./workloads/w1.js";
import { w4 } from "./workloads/w4.js";

interface Report {
  readonly workload: string;
  readonly unit: string;
  readonly results: readonly Result[];
}

const { values } = parseArgs({
  options: { only: { type: "string" }, json: { type: "boolean", default: false } },
});
const backend = js();
const reports: Report[] = [];

race("w1", "W1 batch 64, training steps/s", () => w1(backend, 64));
race("w4", "W4, training steps/s", () => w4(backend));
race("calls", "1-element calls/s", () => ({ rivals: calls(backend), losses: [] }));
if (values.only === undefined || values.only === "conv") {
  for (const shape of shapes)
    for (const { name, rivals } of await directions(backend, shape))
      race("conv", `convolution ${shape.name}, ${name}/s`, () => ({ rivals, losses: [] }));
}
if (values.only === undefined || values.only === "tfjs") {
  for (const name of ["mlp", "cnn"] as const) {
    const steps = await tfjsSteps(name, name === "mlp" ? 64 : 8);
    race("tfjs", `tfjs-cpu, ${name}, training steps/s`, () => steps);
  }
}

const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${arch()}, Node ${process.version}`;
if (values.json) console.log(JSON.stringify({ machine, reports }));
else print();

function race(
  name: string,
  workload: string,
  make: () => { rivals: readonly Rival[]; losses: readonly (readonly number[])[] },
): void {
  if (values.only !== undefined && values.only !== name) return;
  const { rivals, losses } = make();
  for (const own of losses) ensureSame(workload, own, losses[0] ?? []);
  reports.push({ workload, unit: "per second", results: measure(rivals) });
}

/** Rivals that do not compute the same are not rivals. */
function ensureSame(workload: string, a: readonly number[], b: readonly number[]): void {
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? Number.NaN;
    if (Math.abs(x - y) <= 1e-4 * Math.abs(y)) continue;
    throw new Error(`${workload}: losses differ at step ${i}: ${x} and ${y}`);
  }
}

function print(): void {
  console.log(machine);
  for (const { workload, results } of reports) {
    console.log(`\n${workload}`);
    const first = results[0]?.median ?? 0;
    for (const { name, median, spread } of results) {
      const rate = Math.round(median).toLocaleString("en").padStart(12);
      const ratio = `first / this ${(first / median).toFixed(2)}`.padStart(20);
      console.log(`  ${name.padEnd(28)}${rate}  ±${(spread * 100).toFixed(0)} %${ratio}`);
    }
  }
}
