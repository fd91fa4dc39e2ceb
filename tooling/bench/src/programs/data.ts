// W1 with a batch of 64: what every program here trains on.

import { initialParameters, labelledBatches, seeded } from "../arrays.js";
import type { HostArray, Layer } from "../task.js";

const layers: readonly Layer[] = [
  { name: "linear", inputs: 784, outputs: 128 },
  { name: "linear", inputs: 128, outputs: 64 },
  { name: "linear", inputs: 64, outputs: 10 },
];

export const lr = 0.05;
export const batch = 64;

/** A weight [out, in] and a bias for each layer. */
export const parameters: readonly HostArray[] = initialParameters(layers, seeded(1));

const [first] = labelledBatches(1, [batch, 784], seeded(7));

export const x: Float32Array = first?.x.data ?? new Float32Array();
export const labels: Int32Array = (first?.y?.data as Int32Array | undefined) ?? new Int32Array();
