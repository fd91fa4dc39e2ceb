// The layers of a task in jax-js: weights [in, out], images [N, C, H, W].

import { type Array as JaxArray, lax, nn, numpy as np } from "@jax-js/jax";
import {
  type HostArray,
  type Layer,
  type LayerOf,
  parameterShapes,
  type Training,
} from "../task.js";

/** Arrays in the order of a task's parameters. */
export type Params = JaxArray[];

/** What the task's network computes; it uses up what it is given. */
export interface Network {
  readonly params: Params;
  forward(params: Params, x: JaxArray): JaxArray;
}

/** The network of `task` with its first parameters. */
export function layersOf(task: Training): Network {
  return {
    params: task.parameters.map(ownLayout),
    forward: (params, x) => {
      let used = 0;
      return task.layers.reduce((value, layer) => {
        const own = params.slice(used, used + parameterShapes(layer).length);
        used += own.length;
        return forward(layer, value, own);
      }, x);
    },
  };
}

/** Matrices are transposed here, once. */
function ownLayout({ data, shape }: HostArray): JaxArray {
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2) return np.array(data, { shape: [...shape] });
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
  return np.array(turned, { shape: [columns, rows] });
}

function forward(layer: Layer, x: JaxArray, params: Params): JaxArray {
  switch (layer.name) {
    case "linear": {
      const [weight, bias] = params as [JaxArray, JaxArray];
      return np.dot(x, weight).add(bias);
    }
    case "conv": {
      const [weight, bias] = params as [JaxArray, JaxArray];
      return lax.conv(x, weight, [1, 1], "VALID").add(bias.reshape([layer.outChannels, 1, 1]));
    }
    case "maxPool": {
      const { window } = layer;
      return lax.reduceWindow(x, np.max, [window, window], [window, window]);
    }
    case "flatten":
      return x.reshape([x.shape[0] ?? 0, -1]);
    case "relu":
      return nn.relu(x);
    case "sigmoid":
      return nn.sigmoid(x);
    case "lstm":
      return lstm(x, params, layer);
    case "transformer":
      return transformer(x, params, layer);
  }
}

function lstm(x: JaxArray, params: Params, { hidden }: LayerOf<"lstm">): JaxArray {
  const [inputWeight, hiddenWeight, inputBias, hiddenBias] = params as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const [steps = 0, batch = 0] = x.shape;
  const fromInput = np.dot(x, inputWeight).add(inputBias).add(hiddenBias);
  let h = np.zeros([batch, hidden]);
  let c = np.zeros([batch, hidden]);
  const states: JaxArray[] = [];
  for (let t = 0; t < steps; t++) {
    const gates = fromInput.ref.slice(t).add(np.dot(h, hiddenWeight.ref));
    const gate = (index: number): JaxArray =>
      gates.ref.slice([], [index * hidden, (index + 1) * hidden]);
    c = nn
      .sigmoid(gate(1))
      .mul(c)
      .add(nn.sigmoid(gate(0)).mul(np.tanh(gate(2))));
    h = nn.sigmoid(gate(3)).mul(np.tanh(c.ref));
    gates.dispose();
    states.push(h.ref);
  }
  for (const left of [fromInput, hiddenWeight, h, c]) left.dispose();
  return np.stack(states);
}

function transformer(
  x: JaxArray,
  params: Params,
  { heads, width }: LayerOf<"transformer">,
): JaxArray {
  const [query, key, value, output, up, upBias, down, downBias] = params as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const [batch = 0, time = 0] = x.shape;
  const perHead = width / heads;
  const normed = layerNorm(x.ref);
  const perHeadOf = (weight: JaxArray): JaxArray =>
    np.dot(normed.ref, weight).reshape([batch, time, heads, perHead]).transpose([0, 2, 1, 3]);
  const scores = np.matmul(perHeadOf(query), perHeadOf(key).transpose([0, 1, 3, 2]));
  const weights = nn.softmax(scores.mul(1 / Math.sqrt(perHead)));
  const mixed = np.matmul(weights, perHeadOf(value)).transpose([0, 2, 1, 3]);
  normed.dispose();
  const y = x.add(np.dot(mixed.reshape([batch, time, width]), output));
  const inner = nn.gelu(np.dot(layerNorm(y.ref), up).add(upBias));
  return y.add(np.dot(inner, down).add(downBias));
}

/** Along the last axis, without affine. */
export function layerNorm(x: JaxArray): JaxArray {
  return nn.standardize(x, -1, { epsilon: 1e-5 });
}
