// What one neuron can learn, and what takes two layers.
//
// A logistic neuron σ(b + w₁x₁ + w₂x₂) is above ½ on one side of the line b + w₁x₁ + w₂x₂ = 0. AND, OR
// and NOT x₁ have their ones on one side of a line. XNOR has them at opposite corners of the square,
// so the best line gets three rows of four right.

import {
  Adam,
  accuracy,
  bceWithLogits,
  Linear,
  type Module,
  manualSeed,
  Sequential,
  Sigmoid,
  tensor,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const gates = {
  AND: [0, 0, 0, 1],
  OR: [0, 1, 1, 1],
  "NOT x1": [1, 1, 0, 0],
  XNOR: [1, 0, 0, 1],
} as const;

/** What a network made of a gate. */
export interface GateResult {
  readonly gate: keyof typeof gates;
  readonly layers: number;
  readonly loss: number;
  /** The share of the four rows that it gets right. */
  readonly accuracy: number;
  /** Its outputs: the probability of a 1 in each row. */
  readonly outputs: readonly number[];
  /** One neuron written out, empty for two layers. */
  readonly formula: string;
}

// The sigmoid of the last neuron is part of the loss.
const neuron = (): Module => new Linear(2, 1);
const twoLayers = (): Module => new Sequential(new Linear(2, 2), new Sigmoid(), new Linear(2, 1));

function run(): GateResult[] {
  manualSeed(1);
  const names = ["AND", "OR", "NOT x1", "XNOR"] as const;
  return [...names.map((gate) => learn(gate, 1, neuron())), learn("XNOR", 2, twoLayers())];
}

function learn(gate: keyof typeof gates, layers: number, model: Module): GateResult {
  const x = tensor(inputs);
  const y = tensor(gates[gate]).reshape([4, 1]);
  const optimizer = new Adam(model.parameters(), { lr: 0.1 });
  for (let step = 0; step < 600; step++) {
    optimizer.zeroGrad();
    bceWithLogits(model.forward(x), y).backward();
    optimizer.step();
  }
  const logits = model.forward(x);
  return {
    gate,
    layers,
    loss: bceWithLogits(logits, y).itemSync(),
    accuracy: accuracy(logits, y).itemSync(),
    outputs: [...logits.sigmoid().dataSync()],
    formula: model instanceof Linear ? formulaOf(model) : "",
  };
}

/** A neuron as one would write it by hand, e.g. σ(-30.0 + 20.0 x1 + 20.0 x2) for AND. */
function formulaOf({ weight, bias }: Linear): string {
  const signed = (w: number): string => `${w < 0 ? "-" : "+"} ${Math.abs(w).toFixed(1)}`;
  const [w1 = 0, w2 = 0] = weight.dataSync();
  return `σ(${bias?.itemSync().toFixed(1)} ${signed(w1)} x1 ${signed(w2)} x2)`;
}

function report(results: readonly GateResult[]): string {
  const rows = results.map(({ gate, layers, loss, accuracy, outputs, formula }) => [
    gate,
    layers,
    loss.toFixed(3),
    `${4 * accuracy} of 4`,
    outputs.map((p) => p.toFixed(2)).join(" "),
    formula,
  ]);
  return [
    table(["gate", "layers", "loss", "right", "00   01   10   11", "neuron"], rows),
    "",
    "One neuron draws one line. For XNOR no line is right: the loss stays at ln 2 = 0.693.",
    "With two layers, the hidden neurons draw two lines and the last one combines them.",
  ].join("\n");
}

const holds = (results: readonly GateResult[]): boolean =>
  results.every(({ gate, layers, accuracy }) =>
    gate === "XNOR" && layers === 1 ? accuracy <= 0.75 : accuracy === 1,
  );

export const example: Example<GateResult[]> = { run, report, holds };
