// Universal approximation: F(x) = Σ αᵢ σ(wᵢ x + bᵢ) comes as near to any continuous function on an
// interval as one likes, if only there are enough units (Cybenko 1989, Hornik 1991).
//
// One can see why by hand: a sigmoid is a soft step, and a staircase of n steps follows the function,
// closer with every step. Training then moves and bends the steps, and does better with as many.

import { Adam, Linear, mse, Sequential, Sigmoid, tensor } from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** What is to be approximated on [0, 1]. */
const f = (x: number): number => Math.sin(2 * Math.PI * x);

/** The largest errors of a sum of sigmoids on 101 points of [0, 1]. */
export interface ErrorResult {
  readonly units: number;
  readonly byHand: number;
  readonly trained: number;
}

const run = (): ErrorResult[] => [1, 2, 4, 8, 16, 32].map(approximate);

/** Builds the staircase of `units` steps, measures it, trains it, measures again. */
function approximate(units: number): ErrorResult {
  const points = Array.from({ length: 101 }, (_, i) => i / 100);
  const x = tensor(points).reshape([101, 1]);
  const y = tensor(points.map(f)).reshape([101, 1]);
  const model = staircase(units);
  const largestError = (): number => model.forward(x).sub(y).abs().max().itemSync();

  const byHand = largestError();
  const steps = 1000;
  const optimizer = new Adam(model.parameters());
  for (let step = 0; step < steps; step++) {
    // Large steps first, small ones in the end.
    for (const group of optimizer.paramGroups) group.lr = 0.02 * (1 - step / steps);
    optimizer.zeroGrad();
    mse(model.forward(x), y).backward();
    optimizer.step();
  }
  return { units, byHand, trained: largestError() };
}

/** Unit i steps in the middle of the i-th of n pieces, by as much as f changes across the piece. */
function staircase(n: number): Sequential<[Linear, Sigmoid, Linear]> {
  const steepness = 4 * n;
  const middles = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const heights = middles.map((middle) => f(middle + 0.5 / n) - f(middle - 0.5 / n));
  // σ(w (x - middle)) = σ(w x + b) with b = -w · middle
  const steps = new Linear(1, n, {
    weightInit: tensor(middles.map(() => [steepness])),
    biasInit: tensor(middles.map((middle) => -steepness * middle)),
  });
  const sum = new Linear(n, 1, {
    weightInit: tensor([heights]),
    biasInit: tensor([f(0)]),
  });
  return new Sequential(steps, new Sigmoid(), sum);
}

function report(results: readonly ErrorResult[]): string {
  const rows = results.map(({ units, byHand, trained }) => [
    units,
    byHand.toFixed(4),
    trained.toFixed(4),
  ]);
  return [
    "Largest error of a sum of sigmoids for sin 2πx on [0, 1]\n",
    table(["units", "by hand", "trained"], rows),
  ].join("\n");
}

function holds(results: readonly ErrorResult[]): boolean {
  const falls = (errors: readonly number[]): boolean =>
    errors.every((error, i) => error <= (errors[i - 1] ?? Number.POSITIVE_INFINITY));
  const trained = results.map((result) => result.trained);
  return (
    falls(results.map(({ byHand }) => byHand)) && falls(trained) && Math.min(...trained) < 0.01
  );
}

export const example: Example<ErrorResult[]> = { run, report, holds };
