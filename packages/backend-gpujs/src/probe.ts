// What the device can do, found out by trying when the backend is opened.

import type { Capabilities } from "@chainrule/core";
import { BackendError } from "@chainrule/core";
import type { Engine, Program } from "./engine.js";

/** What is found out. */
export interface Measured extends Pick<Capabilities, "nan"> {
  /** Whether numbers below 2^-126 count, or are 0 as on many GPUs. */
  readonly subnormals: boolean;
}

const probe: Program = {
  name: "probe",
  arrays: 1,
  numbers: 2,
  text: `function kernel(x0, inf, tiny) {
  const i = this.thread.x * 1;
  const nan = inf - inf;
  const zero = x0[2];
  let result = x0[this.thread.x] * 3 + 1;
  if (i == 3) { result = isNotEqual(nan, nan); }
  if (i == 4) { result = isEqual(maximum(1, nan), 1); }
  if (i == 5) { result = isLess(1 / (zero * -1), 0); }
  if (i == 6) { result = isEqual(inf * 0.5, inf); }
  if (i == 7) { result = isLess(0, tiny * 0.5); }
  if (i == 8) { result = nan; }
  return result;
}`,
};

/**
 * Tries arithmetic.
 *
 * Throws: {@link BackendError} when the device computes something wrong.
 */
export function measure(engine: Engine): Measured {
  const numbers = Float32Array.of(1, 5592404, 0, 0, 0, 0, 0, 0, 0);
  const array = engine.upload(numbers);
  const result = engine.run(probe, [array], [Number.POSITIVE_INFINITY, 2 ** -126], 9);
  const values = [...engine.download(result, 9)];
  engine.release(array);
  engine.release(result);
  const [four, large, one, ...facts] = values;
  if (four !== 4 || large !== 16777213 || one !== 1) {
    throw new BackendError("gpujs", "the device must compute in 32-bit floats", {
      expected: "4, 16777213, 1",
      got: values.slice(0, 3).join(", "),
    });
  }
  const [unequal, lost, negativeZero, infinite, subnormals, nan] = facts;
  const ieee = unequal === 1 && lost === 0 && negativeZero === 1 && infinite === 1;
  return {
    nan: ieee && Number.isNaN(nan) ? "ieee" : "best-effort",
    subnormals: subnormals === 1,
  };
}
