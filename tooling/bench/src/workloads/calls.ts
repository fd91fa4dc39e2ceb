// What a function costs when there is nothing to compute: calls on tensors of shape [1].

import type { FunctionName } from "../task.js";
import type { Workload } from "../workload.js";

const functions: readonly FunctionName[] = ["add", "scale", "relu", "sum", "reshape"];

export const calls: readonly Workload[] = functions.map((name) => ({
  id: `calls/${name}`,
  title: `Calls: ${name} of shape [1]`,
  unit: "calls/s",
  perRun: 1,
  task: () => ({
    kind: "call",
    function: name,
    inputs: (name === "add" ? [1.5, 2.5] : [1.5]).map((value) => ({
      shape: [1],
      data: Float32Array.of(value),
    })),
  }),
}));
