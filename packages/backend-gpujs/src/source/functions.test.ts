// The functions that GPUs run, tried in WebAssembly, which has the same 32-bit floats, against those
// of JavaScript in doubles.

import * as library from "gpu.js";
import { afterAll, describe, expect, test } from "vitest";
import { Engine, type GpuLibrary } from "../engine.js";

const engine = new Engine(library.GPU as unknown as GpuLibrary, "webasm", "gpu");

afterAll(() => engine.close());

function evaluate(call: string, columns: readonly (readonly number[])[]): Float32Array {
  const arrays = columns.map((column) => engine.upload(Float32Array.from(column)));
  const names = arrays.map((_, i) => `x${i}`);
  const text = `function kernel(${names.join(", ")}) { return ${call}; }`;
  const program = { name: call, text, arrays: arrays.length, numbers: 0 };
  const size = columns[0]?.length ?? 0;
  return engine.download(engine.run(program, arrays, [], size), size);
}

/** The distance of `got` from `exact` in units of the last place of a float32. */
function ulps(got: number, exact: number, floor: number): number {
  const rounded = Math.fround(exact);
  if (Object.is(got, rounded) || (Number.isNaN(got) && Number.isNaN(rounded))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(rounded)) return Number.POSITIVE_INFINITY;
  const size = Math.max(Math.abs(exact), floor, 2 ** -126);
  return Math.abs(got - exact) / 2 ** (Math.floor(Math.log2(size)) - 23);
}

/** Numbers from `low` to `high`, evenly in the logarithm where both are positive. */
function between(low: number, high: number, count = 2000): number[] {
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    return Math.fround(low > 0 ? low * (high / low) ** t : low + (high - low) * t);
  });
}

const inf = Number.POSITIVE_INFINITY;
const specials = [0, -0, 1, -1, 0.5, -0.5, 2, -2, inf, -inf, Number.NaN];
const signed = (values: readonly number[]): number[] => [...values, ...values.map((x) => -x)];

/** The function, where it is tried, units allowed, and the size below which errors are absolute. */
const functions: readonly [keyof Math & string, readonly number[], number, number?][] = [
  ["exp", between(-87, 88.7), 2],
  ["expm1", [...between(-20, 88), ...signed(between(1e-6, 1))], 3],
  ["log", [...between(1e-30, 1e30), ...between(0.5, 2)], 2],
  ["log2", [...between(1e-30, 1e30), ...between(0.5, 2)], 3],
  ["log10", [...between(1e-30, 1e30), ...between(0.5, 2)], 4],
  ["log1p", [...between(1e-6, 1e6), ...between(-0.99, 0)], 3],
  ["sin", signed(between(1e-4, 6000)), 3, 2 ** -4],
  ["cos", signed(between(1e-4, 6000)), 3, 2 ** -4],
  ["tan", signed(between(1e-4, 100)), 4, 2 ** -4],
  ["asin", between(-1, 1), 3],
  ["acos", between(-1, 1), 3],
  ["atan", signed(between(1e-6, 1e6)), 3],
  ["sinh", signed(between(1e-6, 89)), 4],
  ["cosh", signed(between(1e-6, 89)), 4],
  ["tanh", signed(between(1e-6, 12)), 4],
  ["asinh", signed(between(1e-6, 1e10)), 4],
  ["acosh", [...between(1, 1.5), ...between(1.5, 1e10)], 4],
  ["atanh", [...signed(between(1e-6, 0.9)), ...between(0.9, 0.9999)], 4],
];

describe("elementary functions", () => {
  test.each(functions)("%s", (name, values, allowed, floor = 0) => {
    const all = [...values, ...specials];
    const exact = Math[name] as (x: number) => number;
    const got = evaluate(`${name}Of(x0[this.thread.x])`, [all]);
    for (const [i, x] of all.entries()) {
      const distance = ulps(got[i] ?? 0, exact(x), floor);
      expect(distance, `${name}(${x}) = ${exact(x)}, got ${got[i]}`).toBeLessThanOrEqual(allowed);
    }
  });

  test("pow, C's", () => {
    const power = (x: number, y: number): number =>
      x === 1 || (x === -1 && Math.abs(y) === inf) ? 1 : x ** y;
    const bases = [...between(1e-3, 1e3, 60), ...between(0.9, 1.1, 60), -2, -3.5, ...specials];
    const exponents = [...between(-12, 12, 60), 3, -3, 2, 11, ...specials];
    const pairs = bases.flatMap((x) => exponents.map((y) => [x, y] as const));
    const got = evaluate("powOf(x0[this.thread.x], x1[this.thread.x])", [
      pairs.map(([x]) => x),
      pairs.map(([, y]) => y),
    ]);
    for (const [i, [x, y]] of pairs.entries())
      expect(ulps(got[i] ?? 0, power(x, y), 0), `${x} ** ${y}, got ${got[i]}`).toBeLessThan(4);
  });

  test("atan2 in all quadrants and at their borders", () => {
    const values = [...signed(between(1e-3, 1e3, 30)), ...specials];
    const pairs = values.flatMap((y) => values.map((x) => [y, x] as const));
    const got = evaluate("atan2Of(x0[this.thread.x], x1[this.thread.x])", [
      pairs.map(([y]) => y),
      pairs.map(([, x]) => x),
    ]);
    for (const [i, [y, x]] of pairs.entries())
      expect(ulps(got[i] ?? 0, Math.atan2(y, x), 0), `atan2(${y}, ${x})`).toBeLessThanOrEqual(4);
  });
});
