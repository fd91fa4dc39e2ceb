// Checks of whole numbers, whose results are exact in any order.

import { type Backend, type Tensor, tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import type { Bench, Check, Needs } from "../check.js";
import { storedAs } from "../values.js";
import { ensure } from "../verify.js";

/** `data` as a tensor. */
export function arrayOf(
  backend: Backend,
  data: readonly number[],
  shape = [data.length],
  dtype: DType = "float32",
): Tensor {
  return tensor(storedAs(data, dtype), { dtype, shape, backend });
}

/** Compares all elements of what `fn` gives for some operands with those of a plain loop. */
export function exactCheck(
  op: string,
  title: string,
  operands: (backend: Backend) => readonly Tensor[],
  fn: (...xs: Tensor[]) => Tensor,
  expected: () => readonly number[],
  needs?: Needs,
): Check {
  const run = async ({ backend, prepared }: Bench): Promise<void> => {
    const given = operands(backend);
    const called = prepared(fn, () => given.map((x) => x.flip().copy()));
    ensureEqual(await called(...given).data(), expected());
  };
  return {
    id: `${op} > large: ${title}`,
    tier: 1,
    ...(needs !== undefined && { needs }),
    compiles: true,
    run,
  };
}

/** Throws unless `got` has the very elements of `expected`. */
export function ensureEqual(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  ensure(got.length === expected.length, `expected ${expected.length} elements, got ${got.length}`);
  for (let i = 0; i < expected.length; i++) {
    if (got[i] !== expected[i]) {
      throw new Error(`element ${i} of ${got.length}: expected ${expected[i]}, got ${got[i]}`);
    }
  }
}
