// Why weights start as small random numbers.
//
// Hidden units that start equal see the same inputs, give the same outputs and get the same gradients:
// they stay equal for ever, and many units do the work of one. Starting from zeros is worse still:
// what comes back to the hidden units passes through output weights that are 0. A single neuron has
// nothing to be symmetric with, so logistic regression may start from zeros.

import {
  accuracy,
  bceWithLogits,
  constant,
  gaussians,
  type Initializer,
  Linear,
  type Module,
  manualSeed,
  normal,
  Sequential,
  SGD,
  Sigmoid,
  type Tensor,
  xnor,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** What came of one start. */
export interface StartResult {
  readonly start: string;
  /** The largest difference between the weights of two units of the first layer, after training. */
  readonly spread: number;
  /** The largest change of a weight of the first layer. */
  readonly moved: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface SymmetryFindings {
  /** Four hidden units that learn XNOR. */
  readonly networks: readonly StartResult[];
  /** One neuron that tells two clouds of points apart: logistic regression. */
  readonly neurons: readonly StartResult[];
}

const starts: readonly (readonly [name: string, init: Initializer])[] = [
  ["all 0", (shape, options) => constant(shape, 0, options)],
  ["all 0.5", (shape, options) => constant(shape, 0.5, options)],
  ["random", (shape, options) => normal(shape, { ...options, std: 0.5 })],
];

function run(): SymmetryFindings {
  manualSeed(2);
  const networks = starts.map(([start, init]) => {
    const hidden = new Linear(2, 4, { weightInit: init, biasInit: init });
    const out = new Linear(4, 1, { weightInit: init, biasInit: init });
    const model = new Sequential(hidden, new Sigmoid(), out);
    return { start, ...train(model, hidden, xnor(), 2000) };
  });
  const clouds = gaussians({ samples: 100, seed: 1 });
  const data = { x: clouds.x, y: clouds.y.expandDims(1) };
  const neurons = starts.map(([start, init]) => {
    const neuron = new Linear(2, 1, { weightInit: init, biasInit: init });
    return { start, ...train(neuron, neuron, data, 300) };
  });
  return { networks, neurons };
}

/** Gradient descent on all examples at once; `first` is the first layer of `model`. */
function train(
  model: Module,
  first: Linear,
  { x, y }: { x: Tensor; y: Tensor },
  steps: number,
): Omit<StartResult, "start"> {
  const initial = first.weight.detach().copy();
  const optimizer = new SGD(model.parameters(), { lr: 1 });
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    bceWithLogits(model.forward(x), y).backward();
    optimizer.step();
  }
  const logits = model.forward(x);
  return {
    // Row i of the weight belongs to unit i: how far is any row from row 0?
    spread: first.weight.sub(first.weight.at("0:1")).abs().max().itemSync(),
    moved: first.weight.sub(initial).abs().max().itemSync(),
    loss: bceWithLogits(logits, y).itemSync(),
    accuracy: accuracy(logits, y).itemSync(),
  };
}

function report({ networks, neurons }: SymmetryFindings): string {
  const fixed = (values: readonly number[]): string[] => values.map((value) => value.toFixed(3));
  const units = networks.map(({ start, ...rest }) => [start, ...fixed(Object.values(rest))]);
  const alone = neurons.map(({ start, moved, loss, accuracy }) => [
    start,
    ...fixed([moved, loss, accuracy]),
  ]);
  return [
    "XNOR with four hidden units\n",
    table(["start", "spread", "moved", "loss", "right"], units),
    "\nTwo clouds of points with one neuron\n",
    table(["start", "moved", "loss", "right"], alone),
    "\nspread: how much the weights of the units differ. Of units that start equal it stays 0,",
    "and XNOR needs units that differ. One neuron learns the same from any start.",
  ].join("\n");
}

function holds({ networks, neurons }: SymmetryFindings): boolean {
  const [zeros, equal, random] = networks;
  const stuck = [zeros, equal].every((result) => result?.spread === 0 && result.accuracy < 1);
  const losses = neurons.map(({ loss }) => loss);
  return stuck && random?.accuracy === 1 && Math.max(...losses) - Math.min(...losses) < 1e-3;
}

export const example: Example<SymmetryFindings> = { run, report, holds };
