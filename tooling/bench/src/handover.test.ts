import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { labelledBatches, seeded } from "./arrays.js";
import { readTask, writeTask } from "./handover.js";
import type { Training } from "./task.js";
import { calls } from "./workloads/calls.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("a task comes back as it was, arrays of both kinds included", () => {
  const task: Training = {
    kind: "training",
    layers: [{ name: "linear", inputs: 2, outputs: 1 }],
    parameters: [{ shape: [1, 2], data: Float32Array.of(0.1, -0) }],
    loss: "crossEntropy",
    optimizer: { name: "sgd", lr: 0.1 },
    batches: [
      ...labelledBatches(2, [3, 2], seeded(1)),
      { x: { shape: [0, 2], data: new Float32Array() }, y: null },
    ],
    resident: false,
    checkedSteps: 1,
  };
  writeTask(folder, task);
  expect(readTask(folder)).toEqual(task);
});

it("the task before leaves nothing", () => {
  for (const { id, task } of calls) {
    writeTask(folder, task());
    expect(readTask(folder), id).toEqual(task());
  }
});
