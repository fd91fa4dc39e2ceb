// TensorFlow.js as its users write it: layouts of its own ([in, out], NHWC), its optimizers, tidy.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { callRunner, type Runner, type Tasks, trainingRunner } from "../runner.js";
import type { Call, FunctionName, HostArray, Training } from "../task.js";
import { gelu, layerNorm, layersOf } from "./tfjs-layers.js";

/** All tasks on the TensorFlow.js backend called `name`, which must have been imported. */
export async function tensorFlow(name: string): Promise<Tasks> {
  tf.env().set("PROD", true); // no greeting
  await tf.setBackend(name);
  await tf.ready();
  return { training, call };
}

function given({ data, shape }: HostArray<Float32Array | Int32Array>): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Float32Array ? "float32" : "int32");
}

function training(task: Training): Runner {
  const layers = layersOf(task);
  const weights = layers.flatMap((layer) => layer.weights);
  const { name, lr } = task.optimizer;
  const optimizer = name === "adam" ? tf.train.adam(lr, 0.9, 0.999, 1e-8) : tf.train.sgd(lr);
  const isImage = task.layers.some((layer) => layer.name === "conv");
  return trainingRunner(task, {
    give: ({ x, y }) => {
      // One channel: NCHW and NHWC are the same memory.
      const [batch, , ...image] = x.shape;
      const shape = isImage ? [batch ?? 0, ...image, 1] : x.shape;
      return { x: given({ data: x.data, shape }), y: y === null ? null : given(y) };
    },
    step: ({ x, y }) =>
      tf.tidy(() => {
        const loss = optimizer.minimize(
          () =>
            lossOf(
              task,
              layers.reduce((value, layer) => layer.forward(value), x),
              y,
            ),
          true,
          weights,
        );
        return loss?.dataSync()[0] ?? Number.NaN;
      }),
    release: ({ x, y }) => {
      x.dispose();
      y?.dispose();
    },
  });
}

function lossOf({ loss }: Training, output: tf.Tensor, target: tf.Tensor | null): tf.Scalar {
  if (loss === "meanSquare") return tf.mean(tf.square(output));
  if (target === null) throw new Error(`${loss} needs targets`);
  if (loss === "squaredError") return tf.losses.meanSquaredError(target, output);
  const classes = tf.oneHot(target as tf.Tensor1D, output.shape[1] ?? 0);
  return tf.losses.softmaxCrossEntropy(classes, output);
}

function call(task: Call): Runner {
  const [a, b = a, c = a] = task.inputs.map(given);
  if (a === undefined || b === undefined || c === undefined) throw new Error("no inputs");
  const once = functions[task.function](a, b, c, task.stride ?? 1);
  const order = resultOrder[task.function];
  return callRunner(
    once,
    (result) => (order === undefined ? result : tf.transpose(result, order)).dataSync(),
    (result) => result.dispose(),
  );
}

/** Makes a function ready to be called; it frees all but its result. */
type Prepare = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, stride: number) => () => tf.Tensor;

const functions: Readonly<Record<FunctionName, Prepare>> = {
  add: (a, b) => () => tf.add(a, b),
  conv: (x, weight, _, stride) => {
    const inputs = { x: channelsLast(x), filter: filterOf(weight) };
    return () => convolution("Conv2D", inputs, stride, { dilations: [1, 1] });
  },
  convInputGradient: (x, weight, slope, stride) => {
    const inputs = { dy: channelsLast(slope), filter: filterOf(weight) };
    const inputShape = channelsLast(x).shape;
    return () => convolution("Conv2DBackpropInput", inputs, stride, { inputShape });
  },
  convWeightGradient: (x, weight, slope, stride) => {
    const inputs = { x: channelsLast(x), dy: channelsLast(slope) };
    const filterShape = filterOf(weight).shape;
    return () => convolution("Conv2DBackpropFilter", inputs, stride, { filterShape });
  },
  gelu: (x) => () => tf.tidy(() => gelu(x)),
  layerNorm: (x) => () => tf.tidy(() => layerNorm(x)),
  matmul: (a, b) => () => tf.matMul(a, b),
  relu: (x) => () => tf.relu(x),
  reshape: (x) => () => tf.reshape(x, [1, 1]),
  scale: (x) => {
    const half = tf.scalar(0.5);
    return () => tf.mul(x, half);
  },
  softmax: (x) => () => tf.softmax(x),
  sum: (x) => () => tf.sum(x),
  transpose: (x) => () => tf.transpose(x),
};

/** The axes of a result in PyTorch's order, where it has another one. */
const resultOrder: { readonly [Name in FunctionName]?: number[] } = {
  conv: [0, 3, 1, 2],
  convInputGradient: [0, 3, 1, 2],
  convWeightGradient: [3, 2, 0, 1],
};

function channelsLast(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 2, 3, 1]);
}

function filterOf(weight: tf.Tensor): tf.Tensor {
  return tf.transpose(weight, [2, 3, 1, 0]);
}

function convolution(
  kernel: string,
  inputs: tf.NamedTensorMap,
  stride: number,
  more: tf.NamedAttrMap,
): tf.Tensor {
  const attributes = { strides: [stride, stride], pad: "valid", dataFormat: "NHWC", ...more };
  return tf.engine().runKernel(kernel, inputs, attributes);
}
