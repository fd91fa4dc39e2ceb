// The band in which training stays when the backend changes, before or in the middle of it: every loss
// of 100 steps within 1e-5 of the first loss. Measured (js and tfjs-cpu, 150 runs of networks like
// these with other seeds): 5e-8 to 8e-7 in most, which is rounding, as sums are taken in another order.
// In 8 runs a rounding decided which side of a kink (ReLU, max pooling) an element was on; from there
// on curves part, as those of one network on two machines do. The runs here are not of that kind.

import { gpujs } from "@chainrule/backend-gpujs";
import { tfjs } from "@chainrule/backend-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import {
  Adam,
  AvgPool2d,
  type Backend,
  Conv2d,
  crossEntropy,
  Flatten,
  interpreter,
  js,
  Linear,
  MaxPool2d,
  type Module,
  manualSeed,
  ReLU,
  Sequential,
  SGD,
  setBackend,
  Tanh,
  tensor,
} from "chainrule";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const band = 1e-5;
const examples = 24;

let onTfjs: Backend;
let onGpujs: Backend;
const onJs = js();
const onInterpreter = interpreter();
beforeAll(async () => {
  tf.env().set("PROD", true); // tfjs-cpu greets on the first use
  onTfjs = await tfjs();
  onGpujs = await gpujs();
});
afterAll(async () => {
  await onTfjs.close();
  await onGpujs.close();
});

interface Network {
  readonly make: () => Module;
  readonly shape: readonly number[];
}

const networks: Readonly<Record<string, Network>> = {
  "an MLP": {
    make: () =>
      new Sequential(
        new Linear(8, 16),
        new ReLU(),
        new Linear(16, 16),
        new Tanh(),
        new Linear(16, 3),
      ),
    shape: [examples, 8],
  },
  "a CNN": {
    make: () =>
      new Sequential(
        new Conv2d(1, 3, 3, { padding: 1 }),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(3, 4, 3),
        new Tanh(),
        new AvgPool2d(2),
        new Flatten(),
        new Linear(4, 3),
      ),
    shape: [examples, 1, 8, 8],
  },
};
const optimizers = {
  Adam: (model: Module) => new Adam(model.parameters(), { lr: 0.01 }),
  "SGD with momentum": (model: Module) =>
    new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, dampening: 0.1 }),
};

/** Where training is from a step on. */
type Plan = Readonly<Record<number, Backend>>;

/** The losses of 100 steps that start on js and move as `plan` says, with a new optimizer at `forgetAt`. */
async function losses(
  { make, shape }: Network,
  optimizerFor: (model: Module) => Adam | SGD,
  plan: Plan,
  forgetAt = -1,
): Promise<number[]> {
  setBackend(onJs);
  manualSeed(1);
  const model = make();
  let optimizer = optimizerFor(model);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const inputs = Float32Array.from({ length: size }, (_, i) => Math.sin(3 * i + (i % 7)));
  const labels = Int32Array.from({ length: examples }, (_, i) => (i * i) % 3);
  const curve: number[] = [];
  for (let step = 0; step < 100; step++) {
    const target = plan[step];
    if (target !== undefined) {
      await model.to(target);
      setBackend(target);
    }
    if (step === forgetAt) optimizer = optimizerFor(model);
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(tensor(inputs, { shape })), tensor(labels));
    loss.backward();
    optimizer.step();
    curve.push(await loss.item());
  }
  return curve;
}

/** The largest distance of two curves, as a share of the first loss. */
function distance(a: readonly number[], b: readonly number[]): number {
  const [first = Number.NaN] = a;
  expect(b.length).toBe(a.length);
  return Math.max(...a.map((loss, i) => Math.abs(loss - (b[i] ?? Number.NaN)) / first));
}

describe.each(Object.entries(networks))("%s", (_, network) => {
  describe.each(Object.entries(optimizers))("with %s", (_, optimizerFor) => {
    let expected: number[];
    beforeAll(async () => {
      expected = await losses(network, optimizerFor, {});
      expect(expected.at(-1)).toBeLessThan((expected[0] ?? 0) / 1.5); // it learns
    });

    test.each([
      ["tfjs", () => onTfjs],
      ["gpujs", () => onGpujs],
    ] as const)("follows the same curve on %s", async (_, backend) => {
      const curve = await losses(network, optimizerFor, { 0: backend() });
      expect(distance(expected, curve)).toBeLessThan(band);
    });

    test("follows it while it goes from js to tfjs, to the interpreter, to gpujs and back", async () => {
      const tour = { 20: onTfjs, 45: onInterpreter, 48: onJs, 60: onGpujs, 85: onJs };
      const curve = await losses(network, optimizerFor, tour);
      expect(distance(expected, curve)).toBeLessThan(band);
    });
  });
});

test("a tour that forgot what the optimizer remembers would leave the band", async () => {
  const network = networks["an MLP"] as Network;
  const straight = await losses(network, optimizers.Adam, {});
  const curve = await losses(network, optimizers.Adam, {}, 12);
  expect(distance(straight, curve)).toBeGreaterThan(100 * band);
});
