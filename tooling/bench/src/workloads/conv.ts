// A convolution in its three directions beside tfjs-cpu: the shapes of W3, and a strided one. Ours are
// [N, C, H, W], theirs [N, H, W, C]; results are compared element by element.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { conv, type js, type Tensor, tensor } from "chainrule";
import type { Rival } from "../rounds.js";

/** One convolution; the stride is the same along both axes, nothing is padded. */
interface Shape {
  readonly name: string;
  readonly batch: number;
  readonly size: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly window: number;
  readonly stride: number;
}

/** The convolutions that are timed. */
export const shapes: readonly Shape[] = [
  {
    name: "1→8, 28×28, 5×5",
    batch: 64,
    size: 28,
    inChannels: 1,
    outChannels: 8,
    window: 5,
    stride: 1,
  },
  {
    name: "8→16, 12×12, 5×5",
    batch: 64,
    size: 12,
    inChannels: 8,
    outChannels: 16,
    window: 5,
    stride: 1,
  },
  {
    name: "16→32, 15×15, 3×3, stride 2",
    batch: 32,
    size: 15,
    inChannels: 16,
    outChannels: 32,
    window: 3,
    stride: 2,
  },
];

/** The three directions of one convolution, each as a pair of rivals. */
export interface Direction {
  readonly name: string;
  readonly rivals: readonly Rival[];
}

/** Forward, gradient of the input and gradient of the weight of `shape`. */
export async function directions(
  backend: ReturnType<typeof js>,
  shape: Shape,
): Promise<Direction[]> {
  await tf.setBackend("cpu");
  const { batch, size, inChannels, outChannels, window, stride } = shape;
  const out = Math.floor((size - window) / stride) + 1;
  const x = operand([batch, inChannels, size, size], 1, backend);
  const weight = operand([outChannels, inChannels, window, window], 2, backend);
  const dy = operand([batch, outChannels, out, out], 3, backend);
  const options = { stride };
  // The backward pass alone: the graph is made once and kept.
  const backward = (x: Tensor, weight: Tensor, leaf: Tensor): (() => Tensor) => {
    leaf.requiresGrad = true;
    const y = conv(x, weight, options);
    return () => {
      leaf.grad = null;
      y.backward({ gradient: dy.ours, retainGraph: true });
      return (leaf.grad as Tensor | null) ?? leaf;
    };
  };
  const [xLeaf, weightLeaf] = [x.ours.detach(), weight.ours.detach()];
  const filter = tf.transpose(weight.theirs, [2, 3, 1, 0]) as tf.Tensor4D;
  const [image, slope] = [x, dy].map(({ theirs }) => tf.transpose(theirs, [0, 2, 3, 1])) as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const attributes = {
    strides: [stride, stride],
    pad: "valid",
    dataFormat: "NHWC",
    dimRoundingMode: undefined,
  };
  const run = (kernel: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor4D =>
    tf
      .engine()
      .runKernel(kernel, inputs, { ...attributes, ...more } as tf.NamedAttrMap) as tf.Tensor4D;
  const theirs = {
    forward: () => run("Conv2D", { x: image, filter }, { dilations: [1, 1] }),
    "gradient of x": () =>
      run("Conv2DBackpropInput", { dy: slope, filter }, { inputShape: image.shape }),
    "gradient of w": () =>
      run("Conv2DBackpropFilter", { x: image, dy: slope }, { filterShape: filter.shape }),
  };
  const ours = {
    forward: () => conv(x.ours, weight.ours, options),
    "gradient of x": backward(xLeaf, weight.ours, xLeaf),
    "gradient of w": backward(x.ours, weightLeaf, weightLeaf),
  };
  return (Object.keys(ours) as (keyof typeof ours)[]).map((name) => {
    const order = name === "gradient of w" ? [3, 2, 0, 1] : [0, 3, 1, 2];
    ensureClose(
      `${shape.name}, ${name}`,
      ours[name]().dataSync(),
      tf.transpose(theirs[name](), order).dataSync(),
    );
    return {
      name,
      rivals: [
        { name: "chainrule", run: (times) => repeat(times, ours[name]) },
        { name: "tfjs-cpu", run: (times) => repeat(times, () => theirs[name]().dispose()) },
      ],
    };
  });
}

function repeat(times: number, run: () => unknown): void {
  for (let i = 0; i < times; i++) run();
}

function operand(
  shape: [number, number, number, number],
  seed: number,
  backend: ReturnType<typeof js>,
): { ours: Tensor; theirs: tf.Tensor4D } {
  let state = seed;
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  });
  return { ours: tensor(data, { shape, backend }), theirs: tf.tensor4d(data, shape) };
}

/** Rivals that do not compute the same are not rivals. */
function ensureClose(what: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x = Number.NaN, y = Number.NaN] = [a[i], b[i]];
    if (Math.abs(x - y) <= 1e-3 * Math.max(1, Math.abs(y))) continue;
    throw new Error(`${what}: element ${i} is ${x} and ${y}`);
  }
}
