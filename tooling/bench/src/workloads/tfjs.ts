// The same training step written in plain TensorFlow.js and run on backend-tfjs: 784-128-64-10 with
// ReLU, and the convolutional network of apps/mnist; mean cross-entropy, SGD, tfjs-cpu.

import { createRequire } from "node:module";
import { tfjs } from "@chainrule/backend-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import {
  type Backend,
  Conv2d,
  crossEntropy,
  Flatten,
  Linear,
  MaxPool2d,
  type Module,
  manualSeed,
  ReLU,
  Sequential,
  SGD,
  type Tensor,
  tensor,
} from "chainrule";
import type { Rival } from "../rounds.js";

const lr = 0.05;
const classes = 10;

/** A network in both languages. */
interface Pair {
  readonly ours: () => Module;
  /** The logits of `x` [batch, 28, 28, 1], given the weights in the order of ours. */
  readonly theirs: (x: tf.Tensor4D, weights: readonly tf.Tensor[]) => tf.Tensor2D;
}

const pairs: Readonly<Record<"mlp" | "cnn", Pair>> = {
  mlp: {
    ours: () =>
      new Sequential(
        new Flatten(),
        new Linear(784, 128),
        new ReLU(),
        new Linear(128, 64),
        new ReLU(),
        new Linear(64, classes),
      ),
    theirs: (x, [w1, b1, w2, b2, w3, b3]) => {
      const h1 = tf.relu(dense(tf.reshape(x, [x.shape[0], 784]) as tf.Tensor2D, w1, b1));
      return dense(tf.relu(dense(h1, w2, b2)), w3, b3);
    },
  },
  cnn: {
    ours: () =>
      new Sequential(
        new Conv2d(1, 8, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(8, 16, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(256, 128),
        new ReLU(),
        new Linear(128, classes),
      ),
    theirs: (x, [k1, c1, k2, c2, w1, b1, w2, b2]) => {
      const y1 = tf.maxPool(tf.relu(convolution(x, k1, c1)), 2, 2, "valid");
      const y2 = tf.maxPool(tf.relu(convolution(y1, k2, c2)), 2, 2, "valid");
      const channelsFirst = tf.transpose(y2, [0, 3, 1, 2]);
      const flat = tf.reshape(channelsFirst, [x.shape[0], 256]) as tf.Tensor2D;
      return dense(tf.relu(dense(flat, w1, b1)), w2, b2);
    },
  },
};

/** Our weights are [out, in]; theirs [in, out]. */
function dense(x: tf.Tensor2D, weight?: tf.Tensor, bias?: tf.Tensor): tf.Tensor2D {
  if (weight === undefined || bias === undefined) throw new Error("a layer has two parameters");
  return tf.add(tf.matMul(x, weight as tf.Tensor2D), bias);
}

function convolution(x: tf.Tensor4D, kernel?: tf.Tensor, bias?: tf.Tensor): tf.Tensor4D {
  if (kernel === undefined || bias === undefined) throw new Error("a layer has two parameters");
  return tf.add(tf.conv2d(x, kernel as tf.Tensor4D, 1, "valid"), bias);
}

/** Both steps of `name`, each with its first losses, which must agree. */
export async function tfjsSteps(
  name: "mlp" | "cnn",
  batch: number,
): Promise<{ rivals: Rival[]; losses: number[][] }> {
  tf.env().set("PROD", true); // no greeting
  // The build for Node comes without gradients, and its modules have imports that only require finds.
  createRequire(import.meta.url)("@tensorflow/tfjs-core/dist/register_all_gradients.js");
  const backend = await tfjs();
  const data = Float32Array.from({ length: batch * 784 }, (_, i) => Math.sin(i * i));
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  manualSeed(0);
  const model = pairs[name].ours();
  await model.to(backend);
  const steps = {
    "plain tfjs": plain(name, batch, model, data, labels),
    "chainrule on backend-tfjs": onBackend(backend, model, batch, data, labels),
  };
  return {
    rivals: Object.entries(steps).map(([name, step]) => ({
      name,
      run: (times) => {
        for (let i = 0; i < times; i++) step();
      },
    })),
    losses: Object.values(steps).map((step) => Array.from({ length: 3 }, step)),
  };
}

function onBackend(
  backend: Backend,
  model: Module,
  batch: number,
  data: Float32Array,
  labels: Int32Array,
): () => number {
  const optimizer = new SGD(model.parameters(), { lr });
  return () => {
    optimizer.zeroGrad();
    const x = tensor(data, { shape: [batch, 1, 28, 28], backend });
    const loss: Tensor = crossEntropy(model.forward(x), tensor(labels, { backend }));
    loss.backward();
    optimizer.step();
    return loss.itemSync();
  };
}

function plain(
  name: "mlp" | "cnn",
  batch: number,
  model: Module,
  data: Float32Array,
  labels: Int32Array,
): () => number {
  const weights = [...model.parameters()].map((weight) => {
    const values = tf.tensor(weight.dataSync(), [...weight.shape]);
    const axes = weight.ndim === 4 ? [2, 3, 1, 0] : [...weight.shape.keys()].reverse();
    return tf.variable(tf.transpose(values, axes));
  });
  return () =>
    tf.tidy(() => {
      const x = tf.tensor4d(data, [batch, 28, 28, 1]);
      const targets = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
      const { value, grads } = tf.variableGrads(() => {
        const logits = pairs[name].theirs(x, weights);
        const shifted = tf.sub(logits, tf.max(logits, 1, true));
        const sums = tf.log(tf.sum(tf.exp(shifted), 1, true));
        return tf.neg(tf.div(tf.sum(tf.mul(targets, tf.sub(shifted, sums))), batch)) as tf.Scalar;
      }, weights);
      for (const weight of weights) {
        const slope = grads[weight.name] as tf.Tensor;
        weight.assign(tf.sub(weight, tf.mul(slope, lr)));
      }
      return (value.dataSync()[0] ?? Number.NaN) as number;
    });
}
