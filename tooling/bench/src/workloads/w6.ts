// W6: gelu (tanh form) and sum of 10⁶ elements; softmax, layerNorm and transpose of 1024².

import { seeded, uniform } from "../arrays.js";
import type { FunctionName, HostArray } from "../task.js";
import type { Workload } from "../workload.js";

/** What each reads and writes, in arrays as long as the input. */
const functions: readonly (readonly [FunctionName, shape: readonly number[], arrays: number])[] = [
  ["gelu", [1_000_000], 2],
  ["sum", [1_000_000], 1],
  ["softmax", [1024, 1024], 2],
  ["layerNorm", [1024, 1024], 2],
  ["transpose", [1024, 1024], 2],
];

/** The functions of W6, by the memory they must move. */
export const w6: readonly Workload[] = functions.map(([name, shape, arrays]) => ({
  id: `w6/${name}`,
  title: `W6: ${name} of [${shape.join(", ")}]`,
  unit: "GB/s",
  perRun: (arrays * 4 * shape.reduce((a, b) => a * b)) / 1e9,
  task: () => ({
    kind: "call",
    function: name,
    inputs: [name === "sum" ? eighths(shape) : uniform(seeded(5), shape, -3, 3)],
  }),
}));

/** Multiples of 1/8 below 1: float32 holds all their sums, so any order gives the same one. */
function eighths(shape: readonly number[]): HostArray {
  const { data } = uniform(seeded(5), shape, 0, 8);
  return { shape, data: data.map((value) => Math.floor(value) / 8) };
}
