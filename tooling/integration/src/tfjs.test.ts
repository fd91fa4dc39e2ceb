// Training on backend-tfjs: nothing is read back, and no tensor is lost.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tfjs } from "@chainrule/backend-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import {
  Adam,
  type Backend,
  Conv2d,
  crossEntropy,
  Flatten,
  js,
  Linear,
  MaxPool2d,
  type Module,
  manualSeed,
  ReLU,
  Sequential,
  type Tensor,
  tensor,
  withBackend,
} from "chainrule";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

let backend: Backend;

beforeAll(() => {
  // tfjs-cpu greets on the first use.
  tf.env().set("PROD", true);
});

beforeEach(async () => {
  backend = await tfjs();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await backend.close();
});

/** A training step of `model` on eight images of 12 x 12 pixels. */
function training(on: Backend, make: () => Module): () => Tensor {
  return withBackend(on, () => {
    manualSeed(0);
    const model = make();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const pixels = Float32Array.from({ length: 8 * 12 * 12 }, (_, i) => Math.sin(i * i));
    const x = tensor(pixels, { shape: [8, 1, 12, 12], backend: on });
    const labels = tensor([0, 1, 2, 3, 0, 1, 2, 3], { dtype: "int32", backend: on });
    return () => {
      optimizer.zeroGrad();
      const loss = crossEntropy(model.forward(x), labels);
      loss.backward();
      optimizer.step();
      return loss;
    };
  });
}

const cnn = (): Module =>
  new Sequential(
    new Conv2d(1, 4, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(4, 4, 3, { stride: 2 }),
    new ReLU(),
    new Flatten(),
    new Linear(16, 4),
  );
const mlp = (): Module =>
  new Sequential(new Flatten(), new Linear(144, 8), new ReLU(), new Linear(8, 4));

test("a convolutional network follows the losses of js", async () => {
  const onJs = training(js(), cnn);
  const onTfjs = training(backend, cnn);
  for (let i = 0; i < 10; i++) {
    const [expected, got] = [onJs().itemSync(), await onTfjs().item()];
    expect(Math.abs(got - expected)).toBeLessThan(1e-4);
  }
});

test("a training step of a convolutional network reads nothing back", () => {
  const step = training(backend, cnn);
  step();
  const engine = tf.engine();
  // Everything that leaves TensorFlow.js passes here; its own kernels reach their memory below.
  const reads = [
    vi.spyOn(tf.Tensor.prototype, "data"),
    vi.spyOn(tf.Tensor.prototype, "dataSync"),
    vi.spyOn(engine, "read"),
    vi.spyOn(engine, "readSync"),
  ];
  step();
  expect(reads.map((read) => read.mock.calls.length)).toEqual(reads.map(() => 0));
});

describe("memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const settled = async (): Promise<number> => {
    // The registry runs in a task of its own, and a later collection takes what the first let go.
    let count = Number.POSITIVE_INFINITY;
    for (;;) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
      const left = tf.memory().numTensors;
      if (left === count) return count;
      count = left;
    }
  };

  test("200 training steps end with the tensors of the first", async () => {
    const step = training(backend, mlp);
    const counts: number[] = [];
    for (let i = 0; i < 200; i++) {
      step();
      await new Promise((resolve) => setTimeout(resolve));
      if (i % 50 === 49) counts.push(await settled());
    }
    expect(new Set(counts).size).toBe(1);
  });

  test("a loop that awaits nothing but the loss keeps no more than the last few steps", async () => {
    const step = training(backend, mlp);
    await step().item();
    const first = tf.memory().numTensors;
    await step().item();
    const perStep = tf.memory().numTensors - first;
    const before = await settled();
    for (let i = 0; i < 100; i++) {
      await step().item();
      if (i % 10 === 9) collect();
    }
    expect(perStep).toBeGreaterThan(5);
    expect(tf.memory().numTensors - before).toBeLessThan(50 * perStep);
  });

  test("what is disposed is gone at once", () => {
    const step = training(backend, mlp);
    const x = tensor([1, 2, 3], { backend });
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) x.mul(2).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("closing disposes everything", async () => {
    const before = await settled();
    const other = await tfjs();
    training(other, mlp)();
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    await other.close();
    expect(await settled()).toBe(before);
  });
});
