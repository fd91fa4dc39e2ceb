// Engines that do not compute the same are not compared.

import type { Prepared } from "./protocol.js";

type Values = Prepared["values"];

/**
 * How far values may be apart, relative to the largest of them. Float32 summed in another order is off
 * by 2.2e-5 at most here (jax-js on the LSTM); a mistake is off by far more after a step.
 */
export const tolerance = 1e-4;

/** Where `values` are not those of `reference`, in words; undefined where all are. NaN is never right. */
export function disagreement(values: Values, reference: Values): string | undefined {
  if (values.length !== reference.length) {
    return `${values.length} values instead of ${reference.length}`;
  }
  const allowed = tolerance * Math.max(...reference.map((value) => Math.abs(Number(value))));
  const index = values.findIndex((value, i) => {
    return !(Math.abs(Number(value) - Number(reference[i])) <= allowed);
  });
  return index < 0 ? undefined : `value ${index} is ${values[index]}, not ${reference[index]}`;
}
