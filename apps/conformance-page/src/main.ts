// The page: what is chosen, the run, and what is shown of it.

import {
  allTiers,
  conformanceRunner,
  type Report,
  type Runner,
  type Tier,
  tierNames,
} from "@chainrule/conformance";
import type { Backend } from "@chainrule/core";
import { backends } from "./backends.js";
import { byId, element } from "./dom.js";
import { drawMatrix } from "./matrix-table.js";
import { runInSlices } from "./run-in-slices.js";

const choice = byId("choice", HTMLFormElement);
const backend = byId("backend", HTMLSelectElement);
const filter = byId("filter", HTMLInputElement);
const tiers = byId("tiers", HTMLFieldSetElement);
const run = byId("run", HTMLButtonElement);
const stop = byId("stop", HTMLButtonElement);
const save = byId("save", HTMLButtonElement);
const progress = byId("progress", HTMLProgressElement);
const now = byId("now", HTMLElement);
const verdict = byId("verdict", HTMLOutputElement);
const table = byId("matrix", HTMLTableElement);

/** How often the matrix is drawn during a run, in ms. */
const interval = 500;

let report: Report | undefined;
let aborter = new AbortController();

for (const name of Object.keys(backends)) backend.append(element("option", {}, name));
for (const tier of allTiers) {
  const box = element("input", { type: "checkbox", value: String(tier), checked: "" });
  tiers.append(element("label", {}, box, ` ${tier} ${tierNames[tier]}`));
}

choice.addEventListener("submit", (event) => {
  event.preventDefault();
  void start();
});
stop.addEventListener("click", () => aborter.abort());
save.addEventListener("click", () => {
  if (report !== undefined) saveAsJson(report);
});

async function start(): Promise<void> {
  let first: Backend | undefined;
  report = undefined;
  verdict.textContent = "";
  setRunning(true);
  try {
    await runChosen(async () => {
      const made = await backends[backend.value]?.();
      if (made === undefined) throw new Error("no backend is chosen");
      first ??= made;
      return made;
    });
  } catch (error) {
    verdict.textContent = `The run broke off: ${error instanceof Error ? error.message : error}`;
  } finally {
    setRunning(false);
    await first?.close();
  }
}

async function runChosen(make: () => Promise<Backend>): Promise<void> {
  const runner = conformanceRunner(make, { tiers: chosenTiers(), filter: filter.value.trim() });
  const total = runner.checks.length;
  aborter = new AbortController();
  progress.max = Math.max(1, total);
  let drawn = Number.NEGATIVE_INFINITY;
  await runInSlices(runner, aborter.signal, (done, next) => {
    progress.value = done;
    now.textContent = `${done} of ${total}: ${next.id}`;
    if (performance.now() - drawn < interval) return;
    show(runner);
    drawn = performance.now();
  });
  report = show(runner);
  const { passed, failed, skipped, results } = report;
  const left = total - results.length;
  progress.value = results.length;
  now.textContent = `${results.length} of ${total}`;
  verdict.textContent =
    total === 0
      ? "Nothing was run: no check has such a tier and name."
      : `${passed} passed, ${failed} failed, ${skipped} skipped${left > 0 ? `, ${left} not run` : ""}`;
}

function chosenTiers(): Tier[] {
  const boxes = [...tiers.querySelectorAll("input")];
  return allTiers.filter((tier) => boxes.some((box) => box.checked && box.value === String(tier)));
}

function show(runner: Runner): Report {
  const report = runner.report();
  drawMatrix(table, runner.checks, report);
  byId("caption", HTMLElement).textContent = `Operations on ${backend.value}`;
  byId("device", HTMLElement).textContent = aboutBackend(report);
  return report;
}

function aboutBackend({ backend, info }: Report): string {
  if (info === undefined) return backend;
  const features = Object.entries(info.features).map(([name, state]) => `${name}: ${state}`);
  return [`${backend} on ${info.device}`, ...features].join("; ");
}

function setRunning(running: boolean): void {
  for (const each of [run, backend, filter, tiers]) each.disabled = running;
  stop.disabled = !running;
  save.disabled = report === undefined;
}

function saveAsJson(report: Report): void {
  const json = new Blob([`${JSON.stringify(report)}\n`], { type: "application/json" });
  const href = URL.createObjectURL(json);
  element("a", { href, download: `conformance-${report.backend}.json` }).click();
  // The browser needs it until the download has begun.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
