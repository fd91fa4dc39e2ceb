// The two backends that must agree with the plain arrays, and how agreement is checked.

import { type Backend, type DType, interpreter, js, type Tensor, tensor } from "chainrule";
import type { Parameters } from "fast-check";
import type { Plain } from "./plain.js";

/** Shared by all runs of a file, so that what one run leaves in a cache meets the next. */
export const backends: readonly Backend[] = [js(), interpreter()];

/** The same runs every time. */
export function runs<T>(numRuns: number): Parameters<T> {
  return { seed: 20_263, numRuns };
}

/** `x` as a tensor. */
export function tensorOf(x: Plain, backend: Backend, dtype: DType = "float32"): Tensor {
  return tensor([...x.data], { shape: x.shape, dtype, backend });
}

/** Throws unless `got` has the shape and the elements of `expected`; signs of zero do not count. */
export function ensureSame(got: Tensor, expected: Plain, what = "result"): void {
  const place = `${what} on ${got.backend.name}`;
  if (`${got.shape}` !== `${expected.shape}`) {
    throw new Error(`${place}: expected shape [${expected.shape}], got [${got.shape}]`);
  }
  const data = Array.from(got.dataSync(), Number);
  if (data.length !== expected.data.length) {
    throw new Error(`${place}: expected ${expected.data.length} elements, got ${data.length}`);
  }
  const isSame = data.every((x, i) => {
    const wanted = expected.data[i] ?? Number.NaN;
    return x === wanted || (Number.isNaN(x) && Number.isNaN(wanted));
  });
  if (!isSame) throw new Error(`${place}: expected [${expected.data}], got [${data}]`);
}
