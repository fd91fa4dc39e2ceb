// Fifty steps of small trainings follow PyTorch's. The fixture says how it was made.

import { join } from "node:path";
import {
  Adam,
  AdamW,
  bceWithLogits,
  crossEntropy,
  interpreter,
  js,
  Linear,
  mse,
  type NestedInput,
  ReLU,
  Sequential,
  SGD,
  Sigmoid,
  setBackend,
  Tanh,
  type Tensor,
  tensor,
} from "chainrule";
import { describe, expect, test } from "vitest";
import { readJson, repository } from "./repository.js";

type LossName = "bceWithLogits" | "crossEntropy" | "mse";

interface Run {
  readonly optimizer: "Adam" | "AdamW" | "SGD";
  readonly options: Readonly<Record<string, unknown>>;
  readonly activation: "relu" | "sigmoid" | "tanh";
  readonly loss: LossName;
  /** First weights and biases of the two layers. */
  readonly start: readonly [NestedInput, NestedInput, NestedInput, NestedInput];
  /** The loss before each step, in float64. */
  readonly losses: readonly number[];
  /** How far PyTorch's own float32 run is from that, at worst up to each step. */
  readonly rounding: readonly number[];
}

interface Fixture {
  readonly batch: number;
  readonly x: NestedInput;
  readonly targets: Readonly<Record<LossName, NestedInput>>;
  readonly runs: readonly Run[];
}

const fixture = readJson<Fixture>(
  join(repository, "tooling/integration/fixtures/training-curves.json"),
);
const optimizers = { SGD, Adam, AdamW };
const activations = { relu: ReLU, sigmoid: Sigmoid, tanh: Tanh };
const losses = { bceWithLogits, crossEntropy, mse };

/** The losses of `run`, trained here. */
function train(run: Run): number[] {
  const x = tensor(fixture.x);
  const dtype = run.loss === "crossEntropy" ? "int32" : "float32";
  const target: Tensor = tensor(fixture.targets[run.loss], { dtype });
  const [w1, b1, w2, b2] = run.start.map((values) => tensor(values));
  const layer = (weight: Tensor | undefined, bias: Tensor | undefined): Linear => {
    if (weight === undefined || bias === undefined) throw new Error("a layer has two parameters");
    const [outputs = 0, inputs = 0] = weight.shape;
    return new Linear(inputs, outputs, { weightInit: weight, biasInit: bias });
  };
  const model = new Sequential(layer(w1, b1), new activations[run.activation](), layer(w2, b2));
  const optimizer = new optimizers[run.optimizer](model.parameters(), run.options);

  return run.losses.map((_, step) => {
    const first = (step % 4) * fixture.batch;
    const rows = { start: first, stop: first + fixture.batch };
    const loss = losses[run.loss](model.forward(x.at(rows)), target.at(rows));
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.itemSync();
  });
}

describe.each([
  ["js", js],
  ["interpreter", interpreter],
] as const)("on %s", (_, backend) => {
  const titled = fixture.runs.map(
    (run) => [`${run.optimizer} ${JSON.stringify(run.options)} on ${run.loss}`, run] as const,
  );
  test.each(titled)("%s follows PyTorch for 50 steps", (_, run) => {
    setBackend(backend());
    const curve = train(run);
    expect(curve).toHaveLength(50);
    for (const [step, loss] of curve.entries()) {
      const expected = run.losses[step] ?? Number.NaN;
      // Rounding grows with the steps, and at another rate for every run, so PyTorch's float32 is the
      // measure: at most eight times as far from float64 as it has been. The order of sums differs,
      // which moves single values by a few units in the last place (6e-8) from the first step on.
      const tolerance = 8 * (run.rounding[step] ?? 0) + 4e-7 * Math.max(1, Math.abs(expected));
      expect(Math.abs(loss - expected), `step ${step}`).toBeLessThanOrEqual(tolerance);
    }
  });
});

test("every training of the fixture learns something", () => {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  // One round of the four batches, at the start and at the end.
  const learned = fixture.runs.map(
    (run) => sum(run.losses.slice(-4)) / sum(run.losses.slice(0, 4)),
  );
  expect(Math.max(...learned)).toBeLessThan(0.9);
});
