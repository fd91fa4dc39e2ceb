// Where gradients vanish.
//
// The slope of the sigmoid is σ(1 - σ): ¼ at best, next to nothing where the curve is flat. A unit out
// there is saturated. Every sigmoid on the way back multiplies the gradient by such a slope, so the
// first layers of a deep network get almost nothing; tanh (slope up to 1) and ReLU (slope 0 or 1) pass
// more. At the output the cure is the loss: cross entropy cancels the slope, squared error does not.

import {
  bceWithLogits,
  gaussians,
  grad,
  type Initializer,
  kaimingNormal,
  Linear,
  manualSeed,
  mse,
  normal,
  onesLike,
  type Tensor,
  tensor,
  xavierNormal,
} from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** The sigmoid and the two losses of a neuron that should say 1, as functions of its z. */
const sigmoid = (z: Tensor): Tensor => z.sigmoid();
const squaredError = (z: Tensor): Tensor => mse(z.sigmoid(), onesLike(z)).mul(0.5);
const crossEntropy = (z: Tensor): Tensor => bceWithLogits(z, onesLike(z));

export interface SaturationFindings {
  /** σ'(z), and dJ/dz of both losses. */
  readonly slopes: readonly { z: number; sigmoid: number; squared: number; cross: number }[];
  /** What the neuron says after training from z = -10. */
  readonly recovered: { readonly squared: number; readonly cross: number };
  /** The sizes of the gradients of six layers' weights, first layer first. */
  readonly sizes: Readonly<Record<"sigmoid" | "tanh" | "relu", readonly number[]>>;
  /** The share of a sigmoid layer's outputs within 0.01 of 0 or 1, by the deviation of its weights. */
  readonly saturated: readonly { readonly deviation: number; readonly share: number }[];
}

function run(): SaturationFindings {
  const at = (fn: (z: Tensor) => Tensor, z: number): number => grad(fn)(tensor(z)).itemSync();
  return {
    slopes: [0, -2, -5, -10].map((z) => ({
      z,
      sigmoid: at(sigmoid, z),
      squared: at(squaredError, z),
      cross: at(crossEntropy, z),
    })),
    recovered: { squared: recover(squaredError), cross: recover(crossEntropy) },
    sizes: {
      sigmoid: gradientSizes((z) => z.sigmoid(), xavierNormal),
      tanh: gradientSizes((z) => z.tanh(), xavierNormal),
      relu: gradientSizes((z) => z.relu(), kaimingNormal),
    },
    saturated: [0.1, 1, 10, 100].map((deviation) => ({
      deviation,
      share: saturatedShare(deviation),
    })),
  };
}

/** 100 steps of gradient descent from z = -10, where the neuron is quite wrong. */
function recover(loss: (z: Tensor) => Tensor): number {
  let z: Tensor = tensor(-10);
  for (let step = 0; step < 100; step++) z = z.sub(grad(loss)(z));
  return z.sigmoid().itemSync();
}

/** One backward pass through six layers before any training. */
function gradientSizes(activation: (z: Tensor) => Tensor, weightInit: Initializer): number[] {
  manualSeed(0);
  const { x, y } = gaussians({ samples: 100 });
  const widths = [2, 16, 16, 16, 16, 16, 1];
  const layers = widths
    .slice(1)
    .map((width, k) => new Linear(widths[k] ?? 0, width, { weightInit }));
  let z = x;
  for (const [k, layer] of layers.entries()) z = layer.forward(k === 0 ? x : activation(z));
  bceWithLogits(z, y.expandDims(1)).backward();
  return layers.map(({ weight }) => weight.grad?.square().sum().sqrt().itemSync() ?? Number.NaN);
}

function saturatedShare(deviation: number): number {
  manualSeed(0);
  const weightInit: Initializer = (shape) => normal(shape, { std: deviation });
  const a = new Linear(2, 64, { weightInit }).forward(gaussians({ samples: 100 }).x).sigmoid();
  return a.sub(0.5).abs().greater(0.49).astype("float32").mean().itemSync();
}

function report({ slopes, recovered, sizes, saturated }: SaturationFindings): string {
  const fixed = (values: readonly number[]): string[] => values.map((value) => value.toFixed(5));
  const rows = slopes.map(({ z, ...rest }) => [z, ...fixed(Object.values(rest))]);
  const byLayer = Object.entries(sizes).map(([name, norms]) => [name, ...fixed(norms)]);
  return [
    "A sigmoid neuron that should say 1: its slope, and dJ/dz of two losses\n",
    table(["z", "slope", "½(a - 1)²", "cross entropy"], rows),
    "\nWhat it says after 100 steps of gradient descent from z = -10, learning rate 1:",
    `squared error ${recovered.squared.toFixed(5)}, cross entropy ${recovered.cross.toFixed(5)}`,
    "\nSize of the gradient in each of six layers, first to last\n",
    table(["", "1", "2", "3", "4", "5", "6"], byLayer),
    "\nShare of the outputs of a sigmoid layer that are saturated\n",
    table(
      ["deviation of the weights", "share"],
      saturated.map(({ deviation, share }) => [deviation, share.toFixed(2)]),
    ),
  ].join("\n");
}

function holds({ recovered, sizes, saturated }: SaturationFindings): boolean {
  const passed = (of: readonly number[]): number => (of[0] ?? 0) / (of.at(-1) ?? 0);
  const lossMatters = recovered.squared < 0.01 && recovered.cross > 0.9;
  const vanishes = passed(sizes.sigmoid) < 0.02;
  const arrives = passed(sizes.tanh) > 0.1 && passed(sizes.relu) > 0.1;
  return lossMatters && vanishes && arrives && (saturated.at(-1)?.share ?? 0) > 0.9;
}

export const example: Example<SaturationFindings> = { run, report, holds };
