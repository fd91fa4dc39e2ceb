// W5: C = A·B.

import { seeded, uniform } from "../arrays.js";
import type { Call } from "../task.js";
import type { Workload } from "../workload.js";

// [m, k, n]
const sizes: readonly (readonly [number, number, number])[] = [
  [64, 64, 64],
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
  [32, 784, 128],
  [128, 784, 1024],
];

/** The products of W5. */
export const w5: readonly Workload[] = sizes.map(([m, k, n]) => ({
  id: m === n && m === k ? `w5/${m}` : `w5/${m}x${k}x${n}`,
  title: `W5: product [${m}, ${k}] · [${k}, ${n}]`,
  unit: "GFLOP/s",
  perRun: (2 * m * k * n) / 1e9,
  task: () => product(m, k, n),
}));

function product(m: number, k: number, n: number): Call {
  const random = seeded(3);
  return {
    kind: "call",
    function: "matmul",
    inputs: [uniform(random, [m, k], -0.5, 0.5), uniform(random, [k, n], -0.5, 0.5)],
  };
}
