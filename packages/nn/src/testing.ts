// What the tests of this package compare numbers with. Not part of the package.

import type { Tensor } from "@chainrule/core";
import { expect } from "vitest";

/** Nested lists of numbers, or a single one. */
export type Numbers = number | readonly Numbers[];

/**
 * Expects the shape of `expected`, and every number within `tolerance` times its size, or
 * `tolerance` itself below 1. The default is 16 roundings of a float32.
 */
export function expectClose(actual: Tensor | null, expected: Numbers, tolerance = 1e-6): void {
  if (actual === null) throw new Error("there is no tensor to compare");
  expect(actual.shape).toEqual(shapeOf(expected));
  const flat = flatten(expected);
  Array.from(actual.dataSync(), Number).forEach((value, i) => {
    const wanted = flat[i] ?? Number.NaN;
    const difference = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    if (!(difference <= tolerance) && !Object.is(value, wanted)) {
      expect.fail(`element ${i} is ${value}, expected ${wanted}`);
    }
  });
}

function flatten(numbers: Numbers): number[] {
  return typeof numbers === "number" ? [numbers] : numbers.flatMap(flatten);
}

function shapeOf(numbers: Numbers): number[] {
  if (typeof numbers === "number") return [];
  return [numbers.length, ...(numbers[0] === undefined ? [] : shapeOf(numbers[0]))];
}
