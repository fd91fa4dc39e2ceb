// A small network in operations of core alone, and plain gradient descent: what the checks of tier 6
// train, and swap, and interrupt.

import {
  assign,
  type Backend,
  conv,
  logSoftmax,
  maxPool,
  noGrad,
  type Tensor,
  tensor,
} from "@chainrule/core";
import { ensure } from "../verify.js";

/** A network with its parameters and eight images to learn. */
export interface SmallNetwork {
  readonly parameters: readonly Tensor[];
  /** One step on the backend that the parameters are on; the loss before it, not read yet. */
  step(): Tensor;
}

/**
 * The same network every time for the same `seed`: eight 1 x 6 x 6 images, a convolution, a pooling, a
 * product, four classes.
 */
export function smallNetwork(backend: Backend, seed = 0): SmallNetwork {
  const make = (shape: readonly number[], own: number): Tensor => {
    const x = tensor(waves(shape, seed + own), { shape, backend });
    x.requiresGrad = true;
    return x;
  };
  return networkOf([make([3, 1, 3, 3], 1), make([12, 4], 2), make([4], 3)]);
}

/** The network with other parameters, which may be on another backend. */
export function networkOf(parameters: readonly Tensor[]): SmallNetwork {
  return { parameters, step: () => descend(parameters) };
}

/** Throws unless two curves of losses agree up to the order in which a backend adds. */
export function ensureSameCurve(got: readonly number[], expected: readonly number[]): void {
  const isSame = expected.every((x, i) => Math.abs(x - (got[i] ?? Number.NaN)) <= 1e-4);
  ensure(isSame && got.length === expected.length, `expected losses ${expected}, got ${got}`);
}

const pixels = waves([8, 1, 6, 6], 4);
const labels = Int32Array.from({ length: 8 }, (_, i) => i % 4);

function descend(parameters: readonly Tensor[]): Tensor {
  const [kernel, weight, bias] = parameters;
  if (kernel === undefined || weight === undefined || bias === undefined) {
    throw new Error("a small network has three parameters");
  }
  const { backend } = kernel;
  const images = tensor(pixels, { shape: [8, 1, 6, 6], backend });
  const classes = tensor(labels, { shape: [8, 1], backend });
  const features = maxPool(conv(images, kernel).relu(), 2).reshape([8, 12]);
  const scores = logSoftmax(features.matmul(weight).add(bias), 1);
  const loss = scores.gather(classes, 1).mean().neg();
  loss.backward();
  noGrad(() => {
    for (const parameter of parameters) {
      if (parameter.grad !== null) assign(parameter, parameter.sub(parameter.grad.mul(0.1)));
      parameter.grad = null;
    }
  });
  return loss.detach();
}

/** Numbers in (-1, 1), the same for the same `seed`. */
function waves(shape: readonly number[], seed: number): Float32Array {
  const length = shape.reduce((size, n) => size * n, 1);
  return Float32Array.from({ length }, (_, i) => Math.sin(seed + i * i * 0.7));
}
