// The numbers that everything is run on: the same in every run.

import { type Batch, type HostArray, type Layer, parameterShapes } from "./task.js";

/** A generator of numbers from 0 to 1, in steps that float32 holds. */
export type Random = () => number;

/** A linear congruential generator (Numerical Recipes' constants); its top bits are good enough here. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Numbers spread evenly from `low` to `high`. */
export function uniform(
  random: Random,
  shape: readonly number[],
  low: number,
  high: number,
): HostArray {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, () => low + random() * (high - low));
  return { shape, data };
}

/** Parameters for `layers`, uniform in ±1/√fanIn; a bias has the fan of the weight before it. */
export function initialParameters(layers: readonly Layer[], random: Random): HostArray[] {
  return layers.flatMap((layer) => {
    let bound = 1;
    return parameterShapes(layer).map((shape) => {
      if (shape.length > 1) bound = 1 / Math.sqrt(shape.slice(1).reduce((a, b) => a * b, 1));
      return uniform(random, shape, -bound, bound);
    });
  });
}

/** `count` batches of random inputs of shape `shape` from 0 to 1, each labelled with one of 10 classes. */
export function labelledBatches(count: number, shape: readonly number[], random: Random): Batch[] {
  return Array.from({ length: count }, () => {
    const x = uniform(random, shape, 0, 1);
    const labels = Int32Array.from({ length: shape[0] ?? 0 }, () => Math.floor(random() * 10));
    return { x, y: { shape: [labels.length], data: labels } };
  });
}
