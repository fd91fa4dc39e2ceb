// What holds for every initializer: shape, dtype, leaf, seed; then the scale of each.

import {
  DTypeError,
  Generator,
  manualSeed,
  ShapeError,
  setBackend,
  standardNormal,
  type Tensor,
  ValueError,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import {
  allEqual,
  constant,
  gain,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  normal,
  ones,
  orthogonal,
  truncatedNormal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

const half: Initializer = (shape, options) => constant(shape, 0.5, options);
const random: readonly (readonly [name: string, init: Initializer])[] = [
  ["uniform", uniform],
  ["normal", normal],
  ["truncatedNormal", truncatedNormal],
  ["allEqual", allEqual],
  ["xavierUniform", xavierUniform],
  ["xavierNormal", xavierNormal],
  ["kaimingUniform", kaimingUniform],
  ["kaimingNormal", kaimingNormal],
  ["lecunUniform", lecunUniform],
  ["lecunNormal", lecunNormal],
  ["orthogonal", orthogonal],
];

function values(tensor: Tensor): number[] {
  return Array.from(tensor.dataSync(), Number);
}

/** Mean and standard deviation. */
function moments(tensor: Tensor): { mean: number; std: number } {
  const x = values(tensor);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return { mean, std: Math.sqrt(variance) };
}

describe.each([
  ["zeros", zeros] as const,
  ["ones", ones] as const,
  ["constant", half] as const,
  ...random,
])("%s", (_, init) => {
  it("makes a float32 leaf of the shape asked for, without gradient", () => {
    const tensor = init([3, 4]);
    expect(tensor.shape).toEqual([3, 4]);
    expect(tensor.dtype).toBe("float32");
    expect(tensor.isLeaf).toBe(true);
    expect(tensor.requiresGrad).toBe(false);
  });

  it("takes requiresGrad, dtype and backend", () => {
    const backend = interpreter();
    const tensor = init([2, 2], { requiresGrad: true, dtype: "float64", backend });
    expect(tensor.requiresGrad).toBe(true);
    expect(tensor.dtype).toBe("float64");
    expect(tensor.backend).toBe(backend);
  });

  it("makes empty tensors", () => {
    expect(init([0, 3]).shape).toEqual([0, 3]);
    expect(init([3, 0]).shape).toEqual([3, 0]);
  });

  it("refuses what is no shape", () => {
    for (const shape of [[-1, 2], [2, 1.5], [Number.NaN, 2], 3 as never]) {
      expect(() => init(shape)).toThrow(ShapeError);
    }
  });

  it("leaves the generator where it was when it refuses", () => {
    const generator = new Generator(7);
    expect(() => init([2, 2], { dtype: "int32", generator, requiresGrad: true })).toThrow(
      DTypeError,
    );
    expect(generator.getState().counter).toBe(0);
  });
});

describe.each([["constant", half] as const, ...random])("%s", (_, init) => {
  it("refuses integer dtypes", () => {
    expect(() => init([2, 2], { dtype: "int32" })).toThrow(DTypeError);
  });
});

describe("zeros and ones", () => {
  it("are core's, which have no use for a generator", () => {
    const generator = new Generator(7);
    const initializers: Initializer[] = [zeros, ones];
    expect(initializers.map((init) => values(init([2], { generator })))).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(generator.getState().counter).toBe(0);
  });
});

describe("allEqual", () => {
  it("is one number of the bell curve asked for", () => {
    const [z = 0] = standardNormal(new Generator(7), 1);
    const x = allEqual([2, 3], { mean: 1, std: 0.5, generator: new Generator(7) });
    expect(values(x)).toEqual(new Array(6).fill(Math.fround(1 + 0.5 * z)));
  });

  it("gives hidden units the same gradient", () => {
    const generator = new Generator(7);
    const hidden = allEqual([3, 2], { generator, requiresGrad: true });
    const out = allEqual([1, 3], { generator });
    const x = normal([5, 2], { generator });
    x.matmul(hidden.T).tanh().matmul(out.T).square().sum().backward();
    const grad = values(hidden.grad ?? zeros([0]));
    expect(grad).toEqual([...grad.slice(0, 2), ...grad.slice(0, 2), ...grad.slice(0, 2)]);
    expect(grad[0]).not.toBe(0);
  });
});

describe.each(random)("%s", (_, init) => {
  it("repeats itself with the same seed", () => {
    const a = values(init([4, 5], { generator: new Generator(7) }));
    const b = values(init([4, 5], { generator: new Generator(7) }));
    const c = values(init([4, 5], { generator: new Generator(8) }));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("draws from the default generator, which moves on", () => {
    manualSeed(3);
    const a = values(init([4, 5]));
    const b = values(init([4, 5]));
    manualSeed(3);
    expect(values(init([4, 5]))).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it("rounds the same float64 numbers to float32", () => {
    const wide = values(init([4, 5], { generator: new Generator(7), dtype: "float64" }));
    const narrow = values(init([4, 5], { generator: new Generator(7) }));
    expect(narrow).toEqual(wide.map(Math.fround));
  });
});

describe("scale", () => {
  // 40,000 draws: the standard error of the mean is 0.5 % of a deviation, that of the deviation
  // 0.35 %, so 2 % is four of them.
  const shape = [200, 200];
  const draw = (init: Initializer): Tensor => init(shape, { generator: new Generator(1) });

  it("uniform fills [low, high)", () => {
    const x = uniform(shape, { low: -2, high: 3, generator: new Generator(1) });
    const all = values(x);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...all)).toBeLessThan(3);
    expect(Math.abs(moments(x).mean - 0.5)).toBeLessThan(0.02 * 5);
    expect(Math.abs(moments(x).std / (5 / Math.sqrt(12)) - 1)).toBeLessThan(0.02);
  });

  it("normal has the mean and the deviation asked for", () => {
    const { mean, std } = moments(
      normal(shape, { mean: 4, std: 0.5, generator: new Generator(1) }),
    );
    expect(Math.abs(mean - 4)).toBeLessThan(0.02 * 0.5);
    expect(Math.abs(std / 0.5 - 1)).toBeLessThan(0.02);
  });

  // Deviations as the formulas give them, e.g. torch: gain * sqrt(2 / (fan_in + fan_out)).
  it.each<[string, Initializer, number]>([
    ["xavierUniform", xavierUniform, Math.sqrt(2 / 400)],
    ["xavierNormal", xavierNormal, Math.sqrt(2 / 400)],
    [
      "xavierNormal, tanh",
      (s, o) => xavierNormal(s, { ...o, gain: gain("tanh") }),
      5 / 3 / Math.sqrt(200),
    ],
    ["kaimingUniform", kaimingUniform, Math.sqrt(2 / 200)],
    ["kaimingNormal", kaimingNormal, Math.sqrt(2 / 200)],
    [
      "kaimingNormal, linear",
      (s, o) => kaimingNormal(s, { ...o, nonlinearity: "linear" }),
      1 / Math.sqrt(200),
    ],
    ["lecunUniform", lecunUniform, 1 / Math.sqrt(200)],
    ["lecunNormal", lecunNormal, 1 / Math.sqrt(200)],
    [
      "kaimingUniform, a = √5",
      (s, o) => kaimingUniform(s, { ...o, a: Math.sqrt(5) }),
      1 / Math.sqrt(600),
    ],
  ])("%s has the deviation of its formula", (_, init, expected) => {
    const { mean, std } = moments(draw(init));
    expect(Math.abs(mean)).toBeLessThan(0.02 * expected);
    expect(Math.abs(std / expected - 1)).toBeLessThan(0.02);
  });

  it("kaiming with a = √5 stays within 1/√fanIn", () => {
    const x = kaimingUniform([16, 64], { a: Math.sqrt(5), generator: new Generator(1) });
    expect(Math.max(...values(x).map(Math.abs))).toBeLessThanOrEqual(0.125);
    expect(Math.max(...values(x).map(Math.abs))).toBeGreaterThan(0.124);
  });

  it("lecun has kaiming's numbers for linear units", () => {
    const shape = [3, 5, 2, 2];
    const pairs: [Initializer, typeof kaimingNormal][] = [
      [lecunNormal, kaimingNormal],
      [lecunUniform, kaimingUniform],
    ];
    for (const [lecun, kaiming] of pairs) {
      const a = lecun(shape, { generator: new Generator(1) });
      const b = kaiming(shape, { nonlinearity: "linear", generator: new Generator(1) });
      expect(values(a)).toEqual(values(b));
    }
  });

  it("kaiming takes the fan of the mode", () => {
    const wide = kaimingNormal([2, 200], { generator: new Generator(1) });
    const narrow = kaimingNormal([2, 200], { mode: "fanOut", generator: new Generator(1) });
    const ratio = values(narrow).map((value, i) => value / (values(wide)[i] ?? 1));
    for (const r of ratio.slice(0, 20)) expect(r).toBeCloseTo(10, 4); // √(200 / 2)
  });
});

describe("bad options", () => {
  it("a reversed interval, a negative deviation, NaN", () => {
    expect(() => uniform([2], { low: 1, high: 0 })).toThrow(ValueError);
    expect(() => normal([2], { std: -1 })).toThrow(ValueError);
    expect(() => normal([2], { mean: Number.NaN })).toThrow(ValueError);
    expect(() => allEqual([2], { std: -1 })).toThrow("[allEqual] mean and standard deviation");
  });

  it("weights without fans", () => {
    expect(() => xavierUniform([3])).toThrow(ShapeError);
    expect(() => kaimingNormal([3])).toThrow("[kaimingNormal] fan in and fan out need");
    expect(() => lecunNormal([3])).toThrow("[lecunNormal] fan in and fan out need");
    expect(() => lecunUniform([])).toThrow("[lecunUniform] fan in and fan out need");
  });

  it("an unknown mode", () => {
    expect(() => kaimingUniform([2, 2], { mode: "fan_in" as "fanIn" })).toThrow(ValueError);
  });
});
