// Training neither leaks nor needs an await. Each run is a process of its own, bundled as a user's
// program would be.
//
// V8 starts with a small young generation and doubles it whenever enough has survived: steps of up to
// 16 MB that come at some time between step 1 and step 20,000 and have nothing to do with what is
// kept. So the runs that look at the resident size start with the largest.

import { expect, test } from "vitest";
import { bundlers, programPath, runNode, temporaryFolder } from "./bundle.js";

async function run(flag: string, ...args: readonly string[]): Promise<unknown> {
  const program = await bundlers.esbuild(programPath("train"), temporaryFolder());
  return JSON.parse(runNode(flag, program, ...args));
}

interface Peaks {
  readonly marked: number;
  readonly last: number;
}

test.each([
  ["10,000 steps on XNOR", "xnor", "10000", "1000"],
  // 50 KB of weights, 200 KB of input: memory outside the JavaScript heap, so fewer steps show it.
  ["3,000 steps on 64 images of 784 pixels", "digits", "3000", "1000"],
  // Of a compiled step little is left for the collector: it runs for the first time after 30,000.
  ["1,000,000 compiled steps on XNOR", "xnor-compiled", "1000000", "100000"],
  ["3,000 compiled steps on images", "digits-compiled", "3000", "1000"],
])("%s without an await keep the peak of an early one", async (_, task, steps, mark) => {
  const peaks = (await run("--min-semi-space-size=16", "peak", task, steps, mark)) as Peaks;
  expect(peaks.last / peaks.marked).toBeLessThan(1.1);
  // An idle Node is already 40 MB; what is measured must be there at all.
  expect(peaks.marked).toBeGreaterThan(40 * 2 ** 20);
});

test.each([
  // Inputs, parameters, gradients and movements at least are alive.
  ["XNOR", "xnor", "5000", "1000", 2 + 3 * 4],
  ["images", "digits", "500", "100", 2 + 3 * 4],
  // Gradients nobody looks at have no storages.
  ["XNOR in compiled steps", "xnor-compiled", "5000", "1000", 2 + 2 * 4],
])(
  "with a macrotask every 100 steps the live storages of training %s come back to one number",
  async (_, task, steps, mark, least) => {
    // --expose-gc: the collector would run at its own time, not before each count.
    const counts = (await run("--expose-gc", "counts", task, steps, mark)) as number[];
    expect(counts).toHaveLength(5);
    expect(new Set(counts)).toEqual(new Set([counts[0]]));
    expect(counts[0]).toBeGreaterThanOrEqual(least);
  },
);
