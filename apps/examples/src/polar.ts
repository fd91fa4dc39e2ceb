// A representation: the same points in other coordinates.
//
// No line separates two rings around the origin in (x, y). In polar coordinates (r, θ) one does: r = ¾.
// A network is not told about r. Its hidden layers have to find coordinates of their own, in which its
// last layer, a line again, can do the rest.

import {
  Adam,
  accuracy,
  bceWithLogits,
  circles,
  Linear,
  type Module,
  manualSeed,
  Sequential,
  stack,
  Tanh,
  type Tensor,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** The share of the points that is on the right side. */
export interface PolarFindings {
  /** Of a line in (x, y). */
  readonly cartesian: number;
  /** Of a line in (r, θ). */
  readonly polar: number;
  /** Of a network that sees (x, y). */
  readonly network: number;
  /** Of a new line in the outputs of that network's last hidden layer. */
  readonly hidden: number;
}

function run(): PolarFindings {
  manualSeed(0);
  const rings = circles({ samples: 200, noise: 0.05 });
  const points = rings.x;
  const label = rings.y.expandDims(1); // [200, 1], as the logits

  const [x, y] = [points.at(":", 0), points.at(":", 1)];
  const radius = x.square().add(y.square()).sqrt();
  const polar = stack([radius, y.atan2(x)], 1);

  const hidden = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2), new Tanh());
  const network = new Sequential(hidden, new Linear(2, 1));

  return {
    cartesian: train(new Linear(2, 1), points, label),
    polar: train(new Linear(2, 1), polar, label),
    network: train(network, points, label),
    hidden: train(new Linear(2, 1), hidden.forward(points).detach(), label),
  };
}

/** Trains `model`; returns the share of examples that it gets right then. */
function train(model: Module, x: Tensor, y: Tensor): number {
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  for (let step = 0; step < 500; step++) {
    optimizer.zeroGrad();
    bceWithLogits(model.forward(x), y).backward();
    optimizer.step();
  }
  return accuracy(model.forward(x), y).itemSync();
}

function report({ cartesian, polar, network, hidden }: PolarFindings): string {
  const rows = [
    ["a line", "x, y", cartesian.toFixed(3)],
    ["a line", "r, θ", polar.toFixed(3)],
    ["a network 2-8-2-1", "x, y", network.toFixed(3)],
    ["a line", "the network's two hidden outputs", hidden.toFixed(3)],
  ];
  return ["Two rings around the origin\n", table(["model", "what it sees", "right"], rows)].join(
    "\n",
  );
}

const holds = ({ cartesian, polar, network, hidden }: PolarFindings): boolean =>
  cartesian < 0.75 && polar === 1 && network === 1 && hidden === 1;

export const example: Example<PolarFindings> = { run, report, holds };
