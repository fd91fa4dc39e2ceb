import { describe, expect, it } from "vitest";
import { inverseNormal } from "./normal.js";

// Python: statistics.NormalDist().inv_cdf(p)
const quantiles: [number, number][] = [
  [1e-16, -8.222082216130435],
  [1e-9, -5.9978070150076865],
  [0.0001, -3.71901648545568],
  [0.02425, -1.9729610513118845],
  [0.07, -1.4757910281791702],
  [0.075, -1.4395314709384557],
  [0.2, -0.8416212335729142],
  [0.5, 0],
  [0.6, 0.2533471031357998],
  [0.925, 1.439531470938456],
  [0.93, 1.4757910281791708],
  [0.999, 3.090232306167813],
  [0.999999999, 5.997807019601638],
];

describe("inverseNormal", () => {
  it.each(quantiles)("of %d is %d", (p, z) => {
    expect(Math.abs(inverseNormal(p) - z)).toBeLessThanOrEqual(
      1e-15 * Math.max(1, Math.abs(z)) * 4,
    );
  });

  it("is finite at both ends of what uniform numbers reach, and symmetric", () => {
    expect(inverseNormal(2 ** -54)).toBeCloseTo(-8.2922, 3);
    expect(Number.isFinite(inverseNormal(1 - 2 ** -53))).toBe(true);
    for (const p of [0.01, 0.125, 0.25])
      expect(inverseNormal(1 - p)).toBeCloseTo(-inverseNormal(p), 14);
  });
});
