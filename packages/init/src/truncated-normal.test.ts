import { Generator, setBackend, standardNormal, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { normal, type TruncatedNormalOptions, truncatedNormal } from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

function values(options: TruncatedNormalOptions, n: number): number[] {
  const x = truncatedNormal([n], { generator: new Generator(1), dtype: "float64", ...options });
  return Array.from(x.dataSync(), Number);
}

interface Known {
  readonly options: TruncatedNormalOptions;
  readonly mean: number;
  readonly variance: number;
  readonly excess: number;
  /** Below these are 10, 25, 50, 75 and 90 %. */
  readonly quantiles: readonly number[];
}

// SciPy: d = stats.truncnorm((low - mean) / std, (high - mean) / std, mean, std);
// d.stats("mvk"), d.ppf([0.1, 0.25, 0.5, 0.75, 0.9])
const known: readonly Known[] = [
  {
    options: {},
    mean: 0,
    variance: 0.7737413035499232,
    excess: -0.6344632828703505,
    quantiles: [-1.184032466693905, -0.639111910871273, 0, 0.6391119108712731, 1.184032466693906],
  },
  {
    options: { mean: 1, std: 0.5, low: 0.75, high: 3 },
    mean: 1.2544951003137677,
    variance: 0.12139071891094402,
    excess: 0.34459105101894005,
    quantiles: [
      0.844210986528679, 0.9766739280808738, 1.1984141145070955, 1.4714043728706399,
      1.740982702110562,
    ],
  },
  {
    options: { low: 0, high: Number.POSITIVE_INFINITY },
    mean: 0.7978845608028654,
    variance: 0.3633802276324186,
    excess: 0.8691773036059725,
    quantiles: [
      0.12566134685507402, 0.31863936396437514, 0.6744897501960817, 1.1503493803760079,
      1.6448536269514729,
    ],
  },
  {
    options: { mean: 2, low: -1, high: 1 },
    mean: 0.4899504867560154,
    variance: 0.17345290492412047,
    excess: 0.6146376671047551,
    quantiles: [
      -0.11816770458551851, 0.2571079558509277, 0.5949457667608895, 0.821651826178186,
      0.9327289051388044,
    ],
  },
];

describe.each(known)("with $options", ({ options, mean, variance, excess, quantiles }) => {
  const n = 40_000;
  const { low = -2, high = 2 } = options;

  it("stays between the bounds", () => {
    for (const x of values(options, n)) if (x < low || x > high) expect.fail(`${x}`);
  });

  it("has mean, variance, kurtosis and quantiles of the distribution", () => {
    const x = values(options, n);
    const moment = (center: number, power: number): number =>
      x.reduce((sum, value) => sum + (value - center) ** power, 0) / n;
    // Five standard errors. That of the kurtosis is about that of a bell curve, √(24 / n).
    expect(Math.abs(moment(0, 1) - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    const varianceError = variance * Math.sqrt((excess + 2) / n);
    expect(Math.abs(moment(mean, 2) - variance)).toBeLessThan(5 * varianceError);
    const kurtosis = moment(mean, 4) / moment(mean, 2) ** 2;
    expect(Math.abs(kurtosis - 3 - excess)).toBeLessThan(5 * Math.sqrt(24 / n));
    [0.1, 0.25, 0.5, 0.75, 0.9].forEach((p, i) => {
      const below = x.filter((value) => value < (quantiles[i] ?? Number.NaN)).length / n;
      expect(Math.abs(below - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    });
  });
});

describe("truncatedNormal", () => {
  it("is normal with those outside drawn again, in order", () => {
    const inside = Array.from(standardNormal(new Generator(1), 400)).filter(
      (z) => Math.abs(z) <= 1,
    );
    expect(values({ low: -1, high: 1 }, 200).slice(0, 100)).toEqual(inside.slice(0, 100));
  });

  it("is normal where the bounds are far away", () => {
    const far = { std: 0.02, low: -2, high: 2 };
    const whole = normal([50], { std: 0.02, generator: new Generator(1), dtype: "float64" });
    expect(values(far, 50)).toEqual(Array.from(whole.dataSync()));
  });

  it("refuses bounds that leave nothing, and deviations that are none", () => {
    expect(() => truncatedNormal([2], { low: 1, high: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [truncatedNormal] there must be something between the bounds: expected low < high and std > 0, got low 1, high 1 and std 1.]`,
    );
    for (const options of [
      { low: 2, high: -2 },
      { low: Number.NaN },
      { high: Number.NaN },
      { std: 0 },
      { std: -1 },
      { std: Number.NaN },
      { mean: Number.POSITIVE_INFINITY },
    ]) {
      expect(() => truncatedNormal([2], options)).toThrow(ValueError);
    }
  });

  it("refuses bounds that next to nothing falls between, at once", () => {
    expect(() => truncatedNormal([2], { low: 40, high: 41 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [truncatedNormal] the bounds must hold enough of the bell curve: expected at least 1 % of N(0, 1²), got 0.0 % between 40 and 41. Bounds are values, not deviations. Between narrow ones uniform(shape, { low, high }) is about the same.]`,
    );
    expect(() => truncatedNormal([2], { low: -0.01, high: 0.01 })).toThrow("uniform(shape");
    expect(() => truncatedNormal([0], { mean: 9 })).toThrow(ValueError);
    // Φ(-2.3263) = 0.01001 and Φ(-2.3264) = 0.00999
    expect(values({ low: 2.3263, high: Number.POSITIVE_INFINITY }, 20)).toHaveLength(20);
    expect(() => values({ low: 2.3264, high: Number.POSITIVE_INFINITY }, 20)).toThrow(ValueError);
  });
});
