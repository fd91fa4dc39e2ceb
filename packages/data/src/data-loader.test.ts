import { manualSeed, setBackend, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataLoader } from "./data-loader.js";
import { type Dataset, TensorDataset } from "./dataset.js";

setBackend(interpreter());

/** The numbers 0 … length - 1. */
function numbers(length: number): Dataset<number> {
  return { length, get: (index) => index };
}

const keep = { collate: (items: number[]): number[] => items };
const ascending = (a: number, b: number): number => a - b;

async function collected<B>(loader: AsyncIterable<B>): Promise<B[]> {
  const batches: B[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}

const settings = {
  length: fc.integer({ min: 0, max: 60 }),
  batchSize: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  shuffle: fc.boolean(),
};

describe("DataLoader", () => {
  it("visits every index exactly once per epoch", () => {
    fc.assert(
      fc.property(fc.record(settings), ({ length, ...options }) => {
        const loader = new DataLoader(numbers(length), { ...options, ...keep });
        for (let epoch = 0; epoch < 2; epoch++) {
          const batches = [...loader];
          expect(batches).toHaveLength(loader.length);
          expect(batches.flat().sort(ascending)).toEqual([...numbersUpTo(length)]);
        }
      }),
    );
  });

  it("fills every batch but the last, and with dropLast every batch", () => {
    fc.assert(
      fc.property(fc.record(settings), ({ length, ...options }) => {
        const sizes = (dropLast: boolean) =>
          [...new DataLoader(numbers(length), { ...options, ...keep, dropLast })].map(
            (b) => b.length,
          );
        const full = Math.floor(length / options.batchSize);
        const filled = Array.from({ length: full }, () => options.batchSize);
        const rest = length % options.batchSize;
        expect(sizes(true)).toEqual(filled);
        expect(sizes(false)).toEqual(rest > 0 ? [...filled, rest] : filled);
      }),
    );
  });

  it("repeats its orders for the same seed, loops of both kinds alike", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ...settings, prefetch: fc.integer({ min: 0, max: 4 }) }),
        async (options) => {
          const data = numbers(options.length);
          const a = new DataLoader(data, { ...options, ...keep });
          const b = new DataLoader(data, { ...options, ...keep });
          for (let epoch = 0; epoch < 2; epoch++) expect(await collected(a)).toEqual([...b]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("shuffles anew in every epoch, and differently for another seed", () => {
    const loader = new DataLoader(numbers(100), {
      shuffle: true,
      seed: 1,
      batchSize: 100,
      ...keep,
    });
    const [first, second] = [[...loader].flat(), [...loader].flat()];
    expect(first).not.toEqual(second);
    const other = new DataLoader(numbers(100), { shuffle: true, seed: 2, batchSize: 100, ...keep });
    expect([...other].flat()).not.toEqual(first);
  });

  it("resumes at any epoch with the order that epoch had", () => {
    const options = { shuffle: true, seed: 5, batchSize: 7, ...keep };
    const loader = new DataLoader(numbers(50), options);
    const epochs = [[...loader], [...loader], [...loader]];
    expect(loader.epoch).toBe(3);
    const resumed = new DataLoader(numbers(50), options);
    resumed.epoch = 2;
    expect([...resumed]).toEqual(epochs[2]);
    expect(resumed.epoch).toBe(3);
  });

  it("counts a loop that was left early as an epoch", () => {
    const loader = new DataLoader(numbers(10), { batchSize: 2, ...keep });
    for (const _ of loader) break;
    expect(loader.epoch).toBe(1);
  });

  it("draws its seed from the default generator when none is given", () => {
    manualSeed(11);
    const a = new DataLoader(numbers(20), { shuffle: true, ...keep });
    manualSeed(11);
    const b = new DataLoader(numbers(20), { shuffle: true, ...keep });
    const c = new DataLoader(numbers(20), { shuffle: true, ...keep });
    expect(a.seed).toBe(b.seed);
    expect(c.seed).not.toBe(b.seed);
  });

  it("keeps rows of different columns together", () => {
    const data = new TensorDataset(
      Float32Array.from([0, 1, 2, 3, 4]),
      Int32Array.from([0, 1, 2, 3, 4]),
    );
    for (const [x, y] of new DataLoader(data, { shuffle: true, seed: 0, batchSize: 2 })) {
      expect(x.arraySync()).toEqual(y.arraySync());
    }
  });

  it("makes tensors on the backend it is given", () => {
    const backend = interpreter();
    const data = new TensorDataset(Float32Array.of(1, 2));
    for (const [x] of new DataLoader(data, { backend })) expect(x.backend).toBe(backend);
    for (const x of new DataLoader(numbers(3), { backend })) expect(x.backend).toBe(backend);
  });

  it("waits for examples that are promises, and says so in a plain loop", async () => {
    const slow: Dataset<number> = { length: 5, get: async (index) => index * 10 };
    const batches = await collected(new DataLoader(slow, { batchSize: 3 }));
    expect(batches.map((batch) => batch.arraySync())).toEqual([
      [0, 10, 20],
      [30, 40],
    ]);
    expect(() => [...new DataLoader(slow)]).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [DataLoader] a plain loop needs examples at once: expected values from dataset.get and collate, got a promise. Write \`for await (const batch of loader)\`.]`,
    );
  });

  it("prepares the next batches while the reader waits, and no more than asked for", async () => {
    for (const [prefetch, expected] of [
      [0, 1],
      [1, 2],
      [3, 4],
    ] as const) {
      let made = 0;
      const data: Dataset<number> = { length: 10, get: () => made++ };
      for await (const _ of new DataLoader(data, { batchSize: 1, prefetch })) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(made).toBe(expected);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(made).toBe(expected);
    }
  });

  it("lets timers run during a loop that never waits for anything else", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const busy: Dataset<number> = {
      length: 20,
      get: (index) => {
        const end = performance.now() + 10;
        while (performance.now() < end);
        return index;
      },
    };
    for await (const _ of new DataLoader(busy, { batchSize: 1, prefetch: 0 }));
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(4);
  });

  it("reports a failing example at its own place", async () => {
    const failing: Dataset<number> = {
      length: 4,
      get: (index) => {
        if (index === 2) throw new RangeError("example 2");
        return index;
      },
    };
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const [value] of new DataLoader(failing, { batchSize: 1, prefetch: 3, ...keep })) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(value ?? -1);
      }
    };
    await expect(loop()).rejects.toThrow("example 2");
    expect(seen).toEqual([0, 1]);
  });

  it("refuses options out of range", () => {
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => new DataLoader(numbers(3), { batchSize })).toThrow(ValueError);
    }
    expect(() => new DataLoader(numbers(3), { prefetch: -1 })).toThrow(/prefetch/);
    expect(() => {
      new DataLoader(numbers(3)).epoch = 0.5;
    }).toThrow(/epoch/);
  });
});

function* numbersUpTo(length: number): Generator<number> {
  for (let i = 0; i < length; i++) yield i;
}
