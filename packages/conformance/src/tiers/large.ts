// What goes wrong only beyond some size: arrays longer than counters of 8 and 16 bits and than blocks,
// int32 that a float32 cannot hold. All numbers are whole, so that results are exact in any order.

import * as core from "@chainrule/core";
import { type Backend, type Tensor, tensor, zeros } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { type Bench, type Check, type Needs, Skipped } from "../check.js";
import { storedAs } from "../values.js";
import { ensure } from "../verify.js";

/** The checks of sizes. */
export function largeChecks(): Check[] {
  return [...storage(), ...indices(), ...lines(), ...products(), ...wideInts()];
}

/** Longer than what 16 bits count. */
const many = 70_001;

/** `length` whole numbers from -4 to 4 without a short period. */
function integers(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => (((i * i + 7 * i + seed) % 101) % 9) - 4);
}

function of(
  backend: Backend,
  data: readonly number[],
  shape = [data.length],
  dtype: DType = "float32",
): Tensor {
  return tensor(storedAs(data, dtype), { dtype, shape, backend });
}

/** Compares all elements of what `fn` gives for some operands with those of a plain loop. */
function check(
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
    equal(await called(...given).data(), expected());
  };
  return {
    id: `${op} > large: ${title}`,
    tier: 1,
    ...(needs !== undefined && { needs }),
    compiles: true,
    run,
  };
}

function equal(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  ensure(got.length === expected.length, `expected ${expected.length} elements, got ${got.length}`);
  for (let i = 0; i < expected.length; i++) {
    if (got[i] !== expected[i]) {
      throw new Error(`element ${i} of ${got.length}: expected ${expected[i]}, got ${got[i]}`);
    }
  }
}

function storage(): Check[] {
  const memory = (title: string, run: (backend: Backend) => Promise<void>): Check => ({
    id: `storage > large: ${title}`,
    tier: 0,
    run: ({ backend }) => run(backend),
  });
  const data = storedAs(integers(many, 1), "float32");
  return [
    memory("upload copies, also a part of an array", async (backend) => {
      const source = data.slice();
      const [whole, part] = [source, source.subarray(3, 66_003)].map((each) =>
        backend.upload(each, "float32"),
      );
      source.fill(9);
      equal(await backend.read(whole ?? {}, 0, many), data);
      equal(await backend.read(part ?? {}, 0, 66_000), data.subarray(3, 66_003));
    }),
    memory("a read sees no later write", async (backend) => {
      const handle = backend.upload(data, "float32");
      const reading = backend.read(handle, 0, many);
      backend.write(handle, 0, new Float32Array(many).fill(9));
      equal(await reading, data);
    }),
    memory("freed memory is given to one array at a time", async (backend) => {
      const sizes = [1500, 1500, many, many];
      for (const handle of sizes.map((n) => backend.upload(data.subarray(0, n), "float32")))
        backend.free(handle);
      const handles = sizes.map((n, i) =>
        backend.upload(new Float32Array(n).fill(i + 1), "float32"),
      );
      for (const [i, handle] of handles.entries()) {
        const n = sizes[i] ?? 0;
        equal(await backend.read(handle, 0, n), new Float32Array(n).fill(i + 1));
        backend.free(handle);
      }
    }),
    memory("readSync copies, and sees every write before it", async (backend) => {
      const { readSync } = backend;
      if (readSync === undefined) throw new Skipped("capabilities.syncRead is false");
      const handle = backend.upload(data, "float32");
      readSync.call(backend, handle, 0, many).fill(7);
      equal(readSync.call(backend, handle, 0, many), data);
      backend.write(handle, 0, Float32Array.of(8));
      equal(readSync.call(backend, handle, 0, 2), [8, data[1] ?? 0]);
    }),
    memory("a write of bytes leaves those around it", async (backend) => {
      const handle = backend.upload(new Uint8Array(11).fill(1), "uint8");
      backend.write(handle, 2, Uint8Array.of(0));
      equal(await backend.read(handle, 0, 11), [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    }),
  ];
}

function indices(): Check[] {
  const peak = Array.from({ length: many }, (_, i) => (i === many - 2 ? 1 : 0));
  const data = integers(many, 2);
  return [
    check(
      "argmax",
      "a place beyond 16 bits",
      (b) => [of(b, peak)],
      (x) => core.argmax(x),
      () => [many - 2],
    ),
    check(
      "take",
      "places beyond 16 bits",
      (b) => [of(b, data), of(b, [many - 1, 65_537, 300], [3], "int32")],
      (x, places) => core.take(x, places),
      () => [data[many - 1] ?? 0, data[65_537] ?? 0, data[300] ?? 0],
    ),
    check(
      "copy",
      "a view that begins beyond 16 bits",
      (b) => [of(b, data)],
      (x) => x.at({ start: 66_000, stop: 66_005 }).mul(2),
      () => data.slice(66_000, 66_005).map((x) => 2 * x),
    ),
    check(
      "sum",
      "many elements",
      (b) => [of(b, data)],
      (x) => core.sum(x),
      () => [data.reduce((a, x) => a + x, 0)],
    ),
  ];
}

function lines(): Check[] {
  const data = integers(700, 3);
  const running = (combine: (a: number, b: number) => number): number[] => {
    let total = data[0] ?? 0;
    return data.map((x, i) => (total = i === 0 ? x : combine(total, x)));
  };
  const slopes = Array.from({ length: 200 }, (_, i) => (i % 199 === 0 ? 1 : 2));
  const holes = Array.from({ length: 150 }, (_, i) => (i % 5 === 1 ? Number.NaN : 150 - i));
  return [
    check(
      "cumulativeSum",
      "a long line",
      (b) => [of(b, data)],
      (x) => core.cumulativeSum(x),
      () => running((a, x) => a + x),
    ),
    check(
      "cumulativeMax",
      "a long line that falls",
      (b) => [of(b, [9, ...data])],
      (x) => core.cumulativeMax(x),
      () => new Array<number>(701).fill(9),
    ),
    check(
      "cumulativeMin",
      "a long line that rises",
      (b) => [of(b, [-9, ...data])],
      (x) => core.cumulativeMin(x),
      () => new Array<number>(701).fill(-9),
    ),
    check(
      "argsort",
      "NaN last, in their order",
      (b) => [of(b, holes)],
      (x) => core.argsort(x),
      () => {
        const places = [...holes.keys()];
        const key = (i: number): number => ((holes[i] ?? 0) > -1 ? (holes[i] ?? 0) : 1000);
        return places.sort((i, j) => key(i) - key(j) || i - j);
      },
      { ieee: true },
    ),
    check(
      "scatterAdd",
      "hundreds meet in one place",
      (b) => [
        zeros([2], { backend: b }),
        of(b, new Array<number>(200).fill(1), [200], "int32"),
        of(b, new Array<number>(200).fill(1)),
      ],
      (x, places, values) => core.scatterAdd(x, places, values),
      () => [0, 200],
    ),
    check(
      "windows",
      "the gradient of hundreds that overlap",
      (b) => [of(b, new Array<number>(200).fill(1))],
      core.grad((x: Tensor) => core.windows(x, [2]).sum()),
      () => slopes,
    ),
    check(
      "conv",
      "thousands of places, two apart",
      (b) => [of(b, integers(10_000, 4), [1, 1, 10_000]), of(b, [1], [1, 1, 1])],
      (x, weight) => core.conv(x, weight, { stride: 2 }),
      () => integers(10_000, 4).filter((_, i) => i % 2 === 0),
    ),
  ];
}

function products(): Check[] {
  const shapes = [
    [2, 515, 3],
    [2, 300, 300],
    [7, 8, 200],
    [66, 1, 67],
  ] as const;
  const multiplied = (
    a: readonly number[],
    b: readonly number[],
    m: number,
    k: number,
    n: number,
  ): number[] =>
    Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let i = 0; i < k; i++)
        sum += (a[Math.floor(at / n) * k + i] ?? 0) * (b[i * n + (at % n)] ?? 0);
      return sum;
    });
  const square = integers(81, 7);
  const batch = 300;
  const [left, right] = [integers(batch * 4, 8), integers(batch * 4, 9)];
  return [
    ...shapes.map(([m, k, n]) => {
      const [a, b] = [integers(m * k, 5), integers(k * n, 6)];
      return check(
        "matmul",
        `${m} × ${k} × ${n}`,
        (on) => [of(on, a, [m, k]), of(on, b, [k, n])],
        (x, y) => x.matmul(y),
        () => multiplied(a, b, m, k, n),
      );
    }),
    check(
      "matmul",
      "a matrix by its transpose",
      (on) => [of(on, square, [9, 9])],
      (x) => x.matmul(x.T),
      () =>
        multiplied(
          square,
          square.map((_, i) => square[(i % 9) * 9 + Math.floor(i / 9)] ?? 0),
          9,
          9,
          9,
        ),
    ),
    check(
      "matmul",
      "hundreds of small ones",
      (on) => [of(on, left, [batch, 2, 2]), of(on, right, [batch, 2, 2])],
      (x, y) => x.matmul(y),
      () =>
        Array.from({ length: batch }, (_, i) =>
          multiplied(left.slice(4 * i, 4 * i + 4), right.slice(4 * i, 4 * i + 4), 2, 2, 2),
        ).flat(),
    ),
  ];
}

/** Neighbours beyond 2^24, and the ends of the range: float32 holds none of them apart. */
function wideInts(): Check[] {
  const [a, b] = [
    [2 ** 24, 2 ** 24 + 1, 2147483647, -2147483648, 123456789, -7],
    [2 ** 24 + 1, 2 ** 24, 2147483646, -2147483647, 123456788, 2],
  ];
  const needs = { exactInt32: true };
  const ints = (on: Backend, data: readonly number[]): Tensor =>
    of(on, data, [data.length], "int32");
  const pairwise = (
    op: string,
    run: (x: Tensor, y: Tensor) => Tensor,
    exact: (x: number, y: number) => number,
  ): Check =>
    check(
      op,
      "int32 near the ends",
      (on) => [ints(on, a), ints(on, b)],
      (x, y) => run(x, y),
      () => a.map((x, i) => exact(x, b[i] ?? 0)),
      needs,
    );
  const alone = (op: string, run: (x: Tensor) => Tensor, exact: () => readonly number[]): Check =>
    check(
      op,
      "int32 near the ends",
      (on) => [ints(on, a)],
      (x) => run(x),
      exact,
      needs,
    );
  const order = [...a.keys()].sort((i, j) => (a[i] ?? 0) - (a[j] ?? 0));
  return [
    pairwise("equal", core.equal, (x, y) => Number(x === y)),
    pairwise("less", core.less, (x, y) => Number(x < y)),
    pairwise("greaterEqual", core.greaterEqual, (x, y) => Number(x >= y)),
    pairwise("maximum", core.maximum, Math.max),
    pairwise("minimum", core.minimum, Math.min),
    pairwise("add", core.add, (x, y) => (x + y) | 0),
    pairwise("sub", core.sub, (x, y) => (x - y) | 0),
    pairwise("mul", core.mul, Math.imul),
    pairwise("floorDivide", core.floorDivide, (x, y) => Math.floor(x / y)),
    alone("abs", core.abs, () => a.map((x) => Math.abs(x) | 0)),
    alone("negative", core.neg, () => a.map((x) => -x | 0)),
    alone(
      "max",
      (x) => core.max(x),
      () => [2147483647],
    ),
    alone(
      "min",
      (x) => core.min(x),
      () => [-2147483648],
    ),
    check(
      "max",
      "int32 neighbours",
      (on) => [ints(on, a.slice(0, 2))],
      (x) => core.max(x),
      () => [2 ** 24 + 1],
      needs,
    ),
    check(
      "argmax",
      "int32 neighbours",
      (on) => [ints(on, a.slice(0, 2))],
      (x) => core.argmax(x),
      () => [1],
      needs,
    ),
    check(
      "argmin",
      "int32 neighbours",
      (on) => [ints(on, b.slice(0, 2))],
      (x) => core.argmin(x),
      () => [1],
      needs,
    ),
    alone(
      "sum",
      (x) => core.sum(x),
      () => [a.reduce((sum, x) => (sum + x) | 0, 0)],
    ),
    alone(
      "sort",
      (x) => core.sort(x),
      () => order.map((i) => a[i] ?? 0),
    ),
    alone(
      "argsort",
      (x) => core.argsort(x),
      () => order,
    ),
    alone(
      "take",
      (x) => core.take(x, ints(x.backend, [4, 1])),
      () => [a[4] ?? 0, a[1] ?? 0],
    ),
    check(
      "pad",
      "int32 near the ends",
      (on) => [ints(on, [2 ** 24 + 3])],
      (x) => core.pad(x, [[1, 1]], 2 ** 24 + 1),
      () => [2 ** 24 + 1, 2 ** 24 + 3, 2 ** 24 + 1],
      needs,
    ),
    check(
      "mul",
      "an int32 number near the ends",
      (on) => [ints(on, [1, 2])],
      (x) => x.add(2 ** 24 + 1),
      () => [2 ** 24 + 2, 2 ** 24 + 3],
      needs,
    ),
    check(
      "floor",
      "beyond int32",
      (on) => [of(on, [3e9, -5e9])],
      (x) => core.floor(x),
      () => [3e9, -5e9].map(Math.fround),
    ),
  ];
}
