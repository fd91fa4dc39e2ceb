// A training run twice from equal starts, as it is and compiled, and how the two are compared.

import { compile, manualSeed, Tensor } from "chainrule";
import { expect } from "vitest";

/** Makes a function what a run is to use: itself, or compiled. */
export type Wrap = <A extends readonly unknown[], R>(fn: (...args: A) => R) => (...args: A) => R;

/** One of the two runs. */
export interface Run {
  /** Step number `i`; the tensors in what it returns are compared. */
  readonly step: (i: number) => unknown;
  /** Compared after every step: parameters, buffers, states of optimizers. */
  readonly state?: () => unknown;
}

/** How often a compiled run was recorded, and what it warned of. */
export interface Seen {
  recordings: number;
  readonly warnings: string[];
}

/** Runs `make` both ways for `steps` steps from `seed`, comparing results and state after each. */
export function runBeside(make: (wrap: Wrap) => Run, steps = 5, seed = 1): Seen {
  const seen: Seen = { recordings: 0, warnings: [] };
  const expected = valuesOf(make, steps, seed);
  const got = valuesOf(make, steps, seed, seen);
  for (const [i, values] of expected.entries()) {
    expectCloseValues(got[i] ?? [], values, `step ${i}`);
  }
  return seen;
}

function valuesOf(make: (wrap: Wrap) => Run, steps: number, seed: number, seen?: Seen): number[][] {
  manualSeed(seed);
  const { step, state } = make(seen === undefined ? (fn) => fn : compiling(seen));
  return Array.from({ length: steps }, (_, i) => [
    ...numbersIn(step(i)),
    ...numbersIn(state?.() ?? []),
  ]);
}

/** Compiles, noting in `seen` how often functions run and what is warned of. */
export function compiling(seen: Seen): Wrap {
  return (fn) =>
    compile(
      (...args) => {
        seen.recordings += 1;
        return fn(...args);
      },
      { warn: (text) => seen.warnings.push(text) },
    );
}

/** All elements of all tensors in `value`, in order; null for what is null, with shapes between. */
export function numbersIn(value: unknown): number[] {
  if (value instanceof Tensor) {
    return [...value.shape, ...Array.from(value.detach().dataSync(), Number)];
  }
  if (value === null) return [Number.NaN];
  if (typeof value === "number") return [value];
  if (value instanceof Map) return numbersIn([...value.values()]);
  if (typeof value !== "object") return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(numbersIn);
}

/** Expects each element within a few roundings of float32. */
export function expectCloseValues(
  got: readonly number[],
  expected: readonly number[],
  where = "result",
): void {
  expect(got.length, `${where}: number of elements`).toBe(expected.length);
  for (const [i, wanted] of expected.entries()) {
    const value = got[i] ?? Number.NaN;
    if (Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-6 + 1e-5 * Math.abs(wanted))
      continue;
    expect.fail(`${where}, element ${i}: expected ${wanted}, got ${value}`);
  }
}
