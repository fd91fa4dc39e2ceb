// What goes wrong only beyond some size: arrays longer than counters of 8 and 16 bits and than blocks.

import * as core from "@chainrule/core";
import { type Backend, type Tensor, zeros } from "@chainrule/core";
import { type Check, Skipped } from "../check.js";
import { storedAs } from "../values.js";
import { arrayOf, ensureEqual, exactCheck } from "./exact-check.js";

/** The checks of sizes. */
export function largeChecks(): Check[] {
  return [...storage(), ...indices(), ...lines(), ...products()];
}

/** Longer than what 16 bits count. */
const many = 70_001;

/** `length` whole numbers from -4 to 4 without a short period. */
function integers(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => (((i * i + 7 * i + seed) % 101) % 9) - 4);
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
      ensureEqual(await backend.read(whole ?? {}, 0, many), data);
      ensureEqual(await backend.read(part ?? {}, 0, 66_000), data.subarray(3, 66_003));
    }),
    memory("a read sees no later write", async (backend) => {
      const handle = backend.upload(data, "float32");
      const reading = backend.read(handle, 0, many);
      backend.write(handle, 0, new Float32Array(many).fill(9));
      ensureEqual(await reading, data);
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
        ensureEqual(await backend.read(handle, 0, n), new Float32Array(n).fill(i + 1));
        backend.free(handle);
      }
    }),
    memory("readSync copies, and sees every write before it", async (backend) => {
      const { readSync } = backend;
      if (readSync === undefined) throw new Skipped("capabilities.syncRead is false");
      const handle = backend.upload(data, "float32");
      readSync.call(backend, handle, 0, many).fill(7);
      ensureEqual(readSync.call(backend, handle, 0, many), data);
      backend.write(handle, 0, Float32Array.of(8));
      ensureEqual(readSync.call(backend, handle, 0, 2), [8, data[1] ?? 0]);
    }),
    memory("a write of bytes leaves those around it", async (backend) => {
      const handle = backend.upload(new Uint8Array(11).fill(1), "uint8");
      backend.write(handle, 2, Uint8Array.of(0));
      ensureEqual(await backend.read(handle, 0, 11), [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    }),
  ];
}

function indices(): Check[] {
  const peak = Array.from({ length: many }, (_, i) => (i === many - 2 ? 1 : 0));
  const data = integers(many, 2);
  return [
    exactCheck(
      "argmax",
      "a place beyond 16 bits",
      (b) => [arrayOf(b, peak)],
      (x) => core.argmax(x),
      () => [many - 2],
    ),
    exactCheck(
      "take",
      "places beyond 16 bits",
      (b) => [arrayOf(b, data), arrayOf(b, [many - 1, 65_537, 300], [3], "int32")],
      (x, places) => core.take(x, places),
      () => [data[many - 1] ?? 0, data[65_537] ?? 0, data[300] ?? 0],
    ),
    exactCheck(
      "copy",
      "a view that begins beyond 16 bits",
      (b) => [arrayOf(b, data)],
      (x) => x.at({ start: 66_000, stop: 66_005 }).mul(2),
      () => data.slice(66_000, 66_005).map((x) => 2 * x),
    ),
    exactCheck(
      "sum",
      "many elements",
      (b) => [arrayOf(b, data)],
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
    exactCheck(
      "cumulativeSum",
      "a long line",
      (b) => [arrayOf(b, data)],
      (x) => core.cumulativeSum(x),
      () => running((a, x) => a + x),
    ),
    exactCheck(
      "cumulativeMax",
      "a long line that falls",
      (b) => [arrayOf(b, [9, ...data])],
      (x) => core.cumulativeMax(x),
      () => new Array<number>(701).fill(9),
    ),
    exactCheck(
      "cumulativeMin",
      "a long line that rises",
      (b) => [arrayOf(b, [-9, ...data])],
      (x) => core.cumulativeMin(x),
      () => new Array<number>(701).fill(-9),
    ),
    exactCheck(
      "argsort",
      "NaN last, in their order",
      (b) => [arrayOf(b, holes)],
      (x) => core.argsort(x),
      () => {
        const places = [...holes.keys()];
        const key = (i: number): number => ((holes[i] ?? 0) > -1 ? (holes[i] ?? 0) : 1000);
        return places.sort((i, j) => key(i) - key(j) || i - j);
      },
      { ieee: true },
    ),
    exactCheck(
      "scatterAdd",
      "hundreds meet in one place",
      (b) => [
        zeros([2], { backend: b }),
        arrayOf(b, new Array<number>(200).fill(1), [200], "int32"),
        arrayOf(b, new Array<number>(200).fill(1)),
      ],
      (x, places, values) => core.scatterAdd(x, places, values),
      () => [0, 200],
    ),
    exactCheck(
      "windows",
      "the gradient of hundreds that overlap",
      (b) => [arrayOf(b, new Array<number>(200).fill(1))],
      core.grad((x: Tensor) => core.windows(x, [2]).sum()),
      () => slopes,
    ),
    exactCheck(
      "conv",
      "thousands of places, two apart",
      (b) => [arrayOf(b, integers(10_000, 4), [1, 1, 10_000]), arrayOf(b, [1], [1, 1, 1])],
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
      return exactCheck(
        "matmul",
        `${m} × ${k} × ${n}`,
        (on) => [arrayOf(on, a, [m, k]), arrayOf(on, b, [k, n])],
        (x, y) => x.matmul(y),
        () => multiplied(a, b, m, k, n),
      );
    }),
    exactCheck(
      "matmul",
      "a matrix by its transpose",
      (on) => [arrayOf(on, square, [9, 9])],
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
    exactCheck(
      "matmul",
      "hundreds of small ones",
      (on) => [arrayOf(on, left, [batch, 2, 2]), arrayOf(on, right, [batch, 2, 2])],
      (x, y) => x.matmul(y),
      () =>
        Array.from({ length: batch }, (_, i) =>
          multiplied(left.slice(4 * i, 4 * i + 4), right.slice(4 * i, 4 * i + 4), 2, 2, 2),
        ).flat(),
    ),
  ];
}
