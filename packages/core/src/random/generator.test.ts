import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Generator, standardNormal, ValueError } from "../index.js";
import { messageOf } from "../testing.js";
import { inverseNormal } from "./normal.js";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

/** The known answer of Threefry-2x32-20 for counter 0 under key 0: 6b200159 99ba4efe. */
const [first, second] = [0x6b200159, 0x99ba4efe];

describe("Generator", () => {
  it("with seed 0 starts with the known answer of its cipher", () => {
    expect(new Generator(0).bits(2)).toEqual(Int32Array.of(first | 0, second | 0));
    const uniform = new Generator(0).uniform(2);
    expect(Array.from(uniform)).toEqual([(first >>> 8) / 2 ** 24, (second >>> 8) / 2 ** 24]);
    const wide = ((first >>> 5) * 2 ** 26 + (second >>> 6)) / 2 ** 53;
    expect(Array.from(new Generator(0).uniform64(1))).toEqual([wide]);
    expect(Array.from(standardNormal(new Generator(0), 1))).toEqual([
      inverseNormal(wide + 2 ** -54),
    ]);
  });

  it("gives the same numbers for the same seed and others for another", () => {
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        expect(new Generator(a).bits(6)).toEqual(new Generator(a).bits(6));
        if (a !== b) expect(new Generator(a).bits(6)).not.toEqual(new Generator(b).bits(6));
      }),
    );
  });

  it("continues where its state says, whole blocks at a time", () => {
    fc.assert(
      fc.property(seeds, fc.nat(9), (seed, n) => {
        const generator = new Generator(seed);
        const all = new Generator(seed).bits(40);
        generator.bits(n);
        const state = generator.getState();
        expect(state).toEqual({ seed, counter: Math.ceil(n / 2) });
        const next = generator.bits(5);
        expect(next).toEqual(all.slice(2 * state.counter, 2 * state.counter + 5));
        const restored = new Generator(1);
        restored.setState(JSON.parse(JSON.stringify(state)));
        expect(restored.bits(5)).toEqual(next);
      }),
    );
  });

  it("counts past 2^32 into the high word", () => {
    const at = (counter: number, n: number): Int32Array => {
      const generator = new Generator(7);
      generator.setState({ seed: 7, counter });
      return generator.bits(n);
    };
    const across = at(2 ** 32 - 1, 4);
    expect(across.slice(2)).toEqual(at(2 ** 32, 2));
    expect(across.slice(0, 2)).not.toEqual(at(2 ** 32, 2));
    expect(at(2 ** 32, 2)).not.toEqual(at(0, 2));
  });

  it("uses all 53 bits of a seed", () => {
    expect(new Generator(2 ** 32).bits(2)).not.toEqual(new Generator(0).bits(2));
  });

  it("uniform numbers lie in [0, 1), on their grid, evenly", () => {
    const n = 20_000;
    for (const [numbers, grid] of [
      [new Generator(3).uniform(n), 2 ** 24],
      [new Generator(3).uniform64(n), 2 ** 53],
    ] as const) {
      let sum = 0;
      for (const u of numbers) {
        sum += u;
        if (!(u >= 0 && u < 1 && Number.isInteger(u * grid))) expect.fail(`${u}`);
      }
      // five standard deviations of the mean
      expect(Math.abs(sum / n - 0.5)).toBeLessThan(5 / Math.sqrt(12 * n));
    }
  });

  it("normal numbers have mean 0, variance 1 and the tails of the distribution", () => {
    const n = 20_000;
    const z = standardNormal(new Generator(4), n);
    const mean = z.reduce((a, b) => a + b) / n;
    const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    const beyond = z.filter((value) => Math.abs(value) > 1.959963984540054).length / n;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / n));
  });

  it("permutation holds each number once", () => {
    fc.assert(
      fc.property(seeds, fc.nat(50), (seed, n) => {
        const order = new Generator(seed).permutation(n);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(
          Array.from({ length: n }, (_, i) => i),
        );
      }),
    );
  });

  it("permutation gives every order equally often", () => {
    const generator = new Generator(5);
    const counts = new Map<string, number>();
    const rounds = 6000;
    for (let i = 0; i < rounds; i++) {
      const order = generator.permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((rounds * 5) / 36));
    }
  });

  it("fork starts a stream of its own, reproducibly", () => {
    const parent = new Generator(6);
    const [a, b] = [parent.fork(), parent.fork()];
    const streams = [a.bits(8), b.bits(8), parent.bits(8)].map((bits) => bits.join());
    expect(new Set(streams).size).toBe(3);
    expect(new Generator(6).fork().bits(8).join()).toBe(streams[0]);
  });

  it("refuses seeds and states that are not whole", () => {
    expect(messageOf(() => new Generator(-1))).toBe(
      "[Generator] seed and counter are whole numbers: expected 0 to 2^53 - 1, got -1.",
    );
    for (const odd of [0.5, Number.NaN, 2 ** 53, "1" as never]) {
      expect(() => new Generator(odd)).toThrow(ValueError);
      expect(() => new Generator().setState({ seed: 0, counter: odd })).toThrow(ValueError);
    }
  });
});
