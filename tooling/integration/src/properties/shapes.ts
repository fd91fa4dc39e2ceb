// Random shapes, and choices that depend on them.

import fc from "fast-check";
import { broadcastShape } from "./plain.js";

/** The next number of a choice, from 0 to n - 1. */
export type Choose = (n: number) => number;

/** Choices taken from a list, which shrinks towards zeros, the plainest choice; 0 past its end. */
export function chooser(numbers: readonly number[]): Choose {
  let next = 0;
  return (n) => (numbers[next++] ?? 0) % n;
}

/** Lists for {@link chooser}. */
export const choices: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 419 }), {
  minLength: 16,
  maxLength: 16,
});

/** Shapes of up to `maxAxes` axes of extent 0 to 5. */
export function shapes(maxAxes = 4): fc.Arbitrary<number[]> {
  // Zeros are rare: most of what can go wrong needs elements.
  const extent = fc.oneof(
    { weight: 24, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  return fc.array(extent, { maxLength: maxAxes, size: "max" });
}

/** Shapes that broadcast to `shape` together. */
export interface Operands {
  readonly shape: readonly number[];
  readonly shapes: readonly (readonly number[])[];
}

/** Shapes of `count` operands that broadcast: axes are missing in front, or have extent 1. */
export function operands(count: number): fc.Arbitrary<Operands> {
  const cuts = fc.array(choices, { minLength: count, maxLength: count });
  return fc.tuple(shapes(), cuts).map(([whole, lists]) => {
    const made = lists.map((numbers) => {
      const choose = chooser(numbers);
      return whole
        .slice(choose(3) === 2 ? choose(whole.length + 1) : 0)
        .map((n) => (choose(3) === 2 ? 1 : n));
    });
    return { shape: broadcastShape(made) ?? [], shapes: made };
  });
}
