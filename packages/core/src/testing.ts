// What the tests of this package compare and generate tensors with. Not part of the package.

import fc from "fast-check";
import { expect } from "vitest";
import type { Tensor } from "./tensor/tensor.js";

/** Nested lists of numbers, or a single one. */
export type Numbers = number | readonly Numbers[];

/**
 * Expects the shape of `expected`, and every number within `tolerance` times its size, or
 * `tolerance` itself below 1. The default is 16 roundings of a float32.
 */
export function expectClose(actual: Tensor | null, expected: Numbers, tolerance = 1e-6): void {
  if (actual === null) throw new Error("there is no tensor to compare");
  expect(actual.shape).toEqual(shapeOf(expected));
  const flat = flatOf(expected);
  Array.from(actual.dataSync(), Number).forEach((value, i) => {
    const wanted = flat[i] ?? Number.NaN;
    const difference = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    if (!(difference <= tolerance) && !Object.is(value, wanted)) {
      expect.fail(`element ${i} is ${value}, expected ${wanted}`);
    }
  });
}

/** The message of what `run` throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

/** The numbers of a nested list, row-major. */
export function flatOf(numbers: Numbers): number[] {
  return typeof numbers === "number" ? [numbers] : numbers.flatMap(flatOf);
}

/** The extents of a rectangular nested list. */
export function shapeOf(numbers: Numbers): number[] {
  if (typeof numbers === "number") return [];
  return [numbers.length, ...(numbers[0] === undefined ? [] : shapeOf(numbers[0]))];
}

/** `flat` nested by `shape`, row-major. */
export function nest(flat: readonly number[], shape: readonly number[]): Numbers {
  const [n, ...rest] = shape;
  if (n === undefined) return flat[0] ?? Number.NaN;
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: n }, (_, i) => nest(flat.slice(i * size, (i + 1) * size), rest));
}

/** The nested list of `shape` that counts 0, 1, 2, …. */
export function counting(shape: readonly number[]): Numbers {
  const size = shape.reduce((a, b) => a * b, 1);
  return nest(
    Array.from({ length: size }, (_, i) => i),
    shape,
  );
}

/** The element of `numbers` at `index`. */
export function elementAt(numbers: Numbers, index: readonly number[]): number {
  let value: Numbers | undefined = numbers;
  for (const i of index) value = typeof value === "object" ? value[i] : undefined;
  if (typeof value !== "number") throw new Error(`no element at [${index.join()}]`);
  return value;
}

/** All indices of `shape`, row-major. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (heads, n) => heads.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])),
    [[]],
  );
}

/** The nested list of `shape` whose element at each index is `at(index)`. */
export function build(shape: readonly number[], at: (index: number[]) => number): Numbers {
  return nest(indicesOf(shape).map(at), shape);
}

/** Shapes of up to `maxAxes` axes of extent 1 to 4. */
export function shapes(maxAxes = 4, minAxes = 0): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 4 }), { minLength: minAxes, maxLength: maxAxes });
}

/** Orders of `n` axes. */
export function orders(n: number): fc.Arbitrary<number[]> {
  const axes = Array.from({ length: n }, (_, i) => i);
  return fc.shuffledSubarray(axes, { minLength: n, maxLength: n });
}
