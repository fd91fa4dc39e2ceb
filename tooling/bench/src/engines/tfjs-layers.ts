// The layers of a task in TensorFlow.js: weights [in, out], images [N, H, W, C].

import * as tf from "@tensorflow/tfjs-core";
import { type Layer, type LayerOf, parameterShapes, type Training } from "../task.js";

/** A layer with its weights in the layout of TensorFlow.js. */
export interface Part {
  readonly weights: tf.Variable[];
  forward(x: tf.Tensor): tf.Tensor;
}

type Forward = (x: tf.Tensor, weights: readonly tf.Tensor[]) => tf.Tensor;

/** All layers of `task`, with its parameters. */
export function layersOf(task: Training): Part[] {
  let used = 0;
  // Of the images that come next to a linear layer, whose weights expect them channel by channel.
  let channels = 1;
  return task.layers.map((layer): Part => {
    const own = task.parameters.slice(used, used + parameterShapes(layer).length);
    used += own.length;
    const weights = own.map(({ data, shape }) => {
      const theirs = theirLayout(tf.tensor(data, [...shape]), channels);
      return tf.variable(theirs);
    });
    if (layer.name === "conv") channels = layer.outChannels;
    if (layer.name === "linear") channels = 1;
    const forward = forwardOf(layer);
    return { weights, forward: (x) => forward(x, weights) };
  });
}

function theirLayout(parameter: tf.Tensor, channels: number): tf.Tensor {
  if (parameter.rank === 4) return tf.transpose(parameter, [2, 3, 1, 0]);
  if (parameter.rank < 2) return parameter;
  const [outputs = 0, inputs = 0] = parameter.shape;
  const places = tf.reshape(parameter, [outputs, channels, inputs / channels]);
  return tf.reshape(tf.transpose(places, [2, 1, 0]), [inputs, outputs]);
}

function forwardOf(layer: Layer): Forward {
  switch (layer.name) {
    case "linear":
      return (x, [weight, bias]) => dense(x, weight, bias);
    case "conv":
      return (x, [weight, bias]) =>
        tf.add(tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, "valid"), bias as tf.Tensor);
    case "maxPool":
      return (x) => tf.maxPool(x as tf.Tensor4D, layer.window, layer.window, "valid");
    case "flatten":
      return (x) => tf.reshape(x, [x.shape[0] ?? 0, -1]);
    case "relu":
      return tf.relu;
    case "sigmoid":
      return tf.sigmoid;
    case "lstm":
      return (x, weights) => lstm(x, weights, layer);
    case "transformer":
      return (x, weights) => transformer(x, weights, layer);
  }
}

/** x [..., in] · weight [in, out]. */
function dense(x: tf.Tensor, weight: tf.Tensor | undefined, bias?: tf.Tensor): tf.Tensor {
  if (weight === undefined) throw new Error("a layer lacks its weight");
  const [inputs = 0, outputs = 0] = weight.shape;
  const rows = tf.matMul(tf.reshape(x, [-1, inputs]), weight as tf.Tensor2D);
  const y = tf.reshape(rows, [...x.shape.slice(0, -1), outputs]);
  return bias === undefined ? y : tf.add(y, bias);
}

function lstm(x: tf.Tensor, weights: readonly tf.Tensor[], { hidden }: LayerOf<"lstm">): tf.Tensor {
  const [inputWeight, hiddenWeight, inputBias, hiddenBias] = weights;
  if (hiddenBias === undefined) throw new Error("a layer lacks its bias");
  const fromInput = tf.add(dense(x, inputWeight, inputBias), hiddenBias);
  let h: tf.Tensor = tf.zeros([x.shape[1] ?? 0, hidden]);
  let c = h;
  const states = tf.unstack(fromInput).map((given) => {
    const gates = tf.add(given, dense(h, hiddenWeight));
    const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    return h;
  });
  return tf.stack(states);
}

function transformer(
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  { heads, width }: LayerOf<"transformer">,
): tf.Tensor {
  const [query, key, value, output, up, upBias, down, downBias] = weights;
  const [batch = 0, time = 0] = x.shape;
  const perHead = width / heads;
  const normed = layerNorm(x);
  const perHeadOf = (weight: tf.Tensor | undefined): tf.Tensor =>
    tf.transpose(tf.reshape(dense(normed, weight), [batch, time, heads, perHead]), [0, 2, 1, 3]);
  const scores = tf.mul(
    tf.matMul(perHeadOf(query), perHeadOf(key), false, true),
    1 / Math.sqrt(perHead),
  );
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), perHeadOf(value)), [0, 2, 1, 3]);
  const y = tf.add(x, dense(tf.reshape(mixed, [batch, time, width]), output));
  return tf.add(y, dense(gelu(dense(layerNorm(y), up, upBias)), down, downBias));
}

/** The tanh form. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const cube = tf.mul(tf.mul(x, x), x);
  const inner = tf.mul(tf.add(x, tf.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** Along the last axis, without affine. */
export function layerNorm(x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
}
