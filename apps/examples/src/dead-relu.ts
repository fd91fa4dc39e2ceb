// How ReLU units die, and what helps.
//
// A ReLU unit that gives 0 for every example is dead: its slope is 0 for all of them, so its weights
// get no gradient and it never comes back. Negative biases make such units from the start, and one
// step with too large a learning rate can throw living ones there. Biases that start a little above 0
// help, and so does a leak: max(0.1 z, z) has a slope everywhere.

import {
  Adam,
  accuracy,
  bceWithLogits,
  constant,
  Linear,
  manualSeed,
  normal,
  rand,
  type Tensor,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** What is varied. */
interface Setting {
  readonly activation: "ReLU" | "leaky";
  readonly bias: number;
  readonly lr: number;
}

/** What became of 32 hidden units; "off" is not above 0 for any example: for a ReLU unit, dead. */
export interface UnitsResult extends Setting {
  readonly offBefore: number;
  readonly offAfter: number;
  /** Off before, not after. */
  readonly revived: number;
  readonly accuracy: number;
}

export interface DeadReluFindings {
  readonly noBias: UnitsResult;
  readonly positiveBias: UnitsResult;
  readonly negativeBias: UnitsResult;
  readonly negativeBiasLeaky: UnitsResult;
  readonly largeRate: UnitsResult;
}

function run(): DeadReluFindings {
  return {
    noBias: train({ activation: "ReLU", bias: 0, lr: 0.01 }),
    positiveBias: train({ activation: "ReLU", bias: 0.1, lr: 0.01 }),
    negativeBias: train({ activation: "ReLU", bias: -0.5, lr: 0.01 }),
    negativeBiasLeaky: train({ activation: "leaky", bias: -0.5, lr: 0.01 }),
    largeRate: train({ activation: "ReLU", bias: 0.1, lr: 3 }),
  };
}

/** Learns which points of the unit square lie in the disc around its middle. */
function train(setting: Setting): UnitsResult {
  manualSeed(0);
  // No coordinate is negative, on purpose: without a bias, negative weights make a unit dead.
  const x = rand([100, 2]);
  const y = x.sub(0.5).square().sum(1, { keepdims: true }).less(0.16);
  const hidden = new Linear(2, 32, {
    weightInit: (shape) => normal(shape, { std: 0.1 }),
    biasInit: (shape) => constant(shape, setting.bias),
  });
  const out = new Linear(32, 1);
  const activate = (z: Tensor): Tensor =>
    setting.activation === "ReLU" ? z.relu() : z.maximum(z.mul(0.1));
  const logits = (): Tensor => out.forward(activate(hidden.forward(x)));
  const isOff = (): Tensor => hidden.forward(x).max(0).lessEqual(0);

  const before = isOff();
  const optimizer = new Adam([...hidden.parameters(), ...out.parameters()], { lr: setting.lr });
  for (let step = 0; step < 500; step++) {
    optimizer.zeroGrad();
    bceWithLogits(logits(), y).backward();
    optimizer.step();
  }
  const after = isOff();
  return {
    ...setting,
    offBefore: before.sum().itemSync(),
    offAfter: after.sum().itemSync(),
    revived: before.logicalAnd(after.logicalNot()).sum().itemSync(),
    accuracy: accuracy(logits(), y).itemSync(),
  };
}

function report(findings: DeadReluFindings): string {
  const rows = Object.values(findings).map(({ accuracy, ...rest }: UnitsResult) => [
    ...Object.values(rest),
    accuracy.toFixed(2),
  ]);
  return [
    "32 hidden units; off: not above 0 for any of the 100 examples\n",
    table(["units", "bias", "rate", "off before", "off after", "revived", "right"], rows),
    "\nA ReLU unit that is off has slope 0 and stays off. The leak brings units back.",
  ].join("\n");
}

function holds(findings: DeadReluFindings): boolean {
  const { noBias, positiveBias, negativeBias, negativeBiasLeaky, largeRate } = findings;
  const relus = [noBias, positiveBias, negativeBias, largeRate];
  const biasHelps = noBias.offBefore > 0 && positiveBias.offBefore === 0;
  const leakHelps = negativeBiasLeaky.accuracy > 0.9 && negativeBias.accuracy < 0.7;
  return (
    relus.every(({ revived }) => revived === 0) && biasHelps && leakHelps && largeRate.offAfter > 16
  );
}

export const example: Example<DeadReluFindings> = { run, report, holds };
