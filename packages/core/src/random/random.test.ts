import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  bernoulli,
  DTypeError,
  defaultGenerator,
  Generator,
  manualSeed,
  rand,
  randint,
  randn,
  randperm,
  ShapeError,
  setBackend,
  standardNormal,
  ValueError,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

beforeEach(() => {
  manualSeed(11);
});

describe("rand", () => {
  it.each([[[]], [[1]], [[7]], [[2, 3]], [[3, 5]], [[0]], [[2, 1, 9]]])(
    "of shape %o has the bits of the host on the device",
    (shape) => {
      const size = shape.reduce((a: number, b: number) => a * b, 1);
      const x = rand(shape, { generator: new Generator(5) });
      expect(x.shape).toEqual(shape);
      expect(x.dataSync()).toEqual(new Generator(5).uniform(size));
    },
  );

  it.each([
    [2 ** 32 - 1, 5],
    [2 ** 32 - 2, 4],
    [2 ** 31 - 1, 4],
    [2 ** 33 + 2 ** 32 - 1, 3],
    [2 ** 52, 2],
  ])("carries from counter %d over %d elements as the host does", (counter, n) => {
    const at = (): Generator => {
      const generator = new Generator(9);
      generator.setState({ seed: 2 ** 40 + 3, counter });
      return generator;
    };
    expect(rand([n], { generator: at() }).dataSync()).toEqual(at().uniform(n));
  });

  it("advances the generator by whole blocks, as the host does", () => {
    const [device, host] = [new Generator(2), new Generator(2)];
    rand([3], { generator: device });
    host.uniform(3);
    expect(device.getState()).toEqual(host.getState());
  });

  it("is the same where the backend has no exact int32", () => {
    const inner = interpreter();
    const rough: Backend = { ...inner, capabilities: { ...inner.capabilities, exactInt32: false } };
    const there = rand([5], { backend: rough, generator: new Generator(3) });
    expect(there.dataSync()).toEqual(rand([5], { generator: new Generator(3) }).dataSync());
  });

  it("in float64 has 53 bits", () => {
    const x = rand([4], { dtype: "float64", generator: new Generator(3) });
    expect(x.dataSync()).toEqual(new Generator(3).uniform64(4));
  });
});

describe("the default generator", () => {
  it("starts anew from manualSeed and goes on from there", () => {
    const [a, b] = [rand([4]), rand([4])];
    expect(a.dataSync()).not.toEqual(b.dataSync());
    manualSeed(11);
    expect(rand([4]).dataSync()).toEqual(a.dataSync());
    expect(defaultGenerator().getState()).toEqual({ seed: 11, counter: 2 });
  });

  it("is not touched when another is given", () => {
    rand([4], { generator: new Generator(1) });
    randperm(4, { generator: new Generator(1) });
    expect(defaultGenerator().getState().counter).toBe(0);
  });
});

describe("the others", () => {
  it("randn rounds the host's float64 numbers", () => {
    const x = randn([5], { generator: new Generator(8), requiresGrad: true });
    expect(x.dataSync()).toEqual(Float32Array.from(standardNormal(new Generator(8), 5)));
    expect(x.requiresGrad).toBe(true);
  });

  it("randint stays within its bounds and reaches all of them", () => {
    const x = randint(-2, 3, [200]);
    expect(x.dtype).toBe("int32");
    expect([...new Set(x.dataSync())].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(randint(2147483646, 2147483647, [2]).arraySync()).toEqual([2147483646, 2147483646]);
    const wide = randint(-2147483648, 2147483647, [50]).dataSync();
    expect(wide.some((n) => n < 0) && wide.some((n) => n > 0)).toBe(true);
  });

  it("randperm is an int32 permutation", () => {
    const x = randperm(6);
    expect([x.dtype, Array.from(x.dataSync()).sort()]).toEqual(["int32", [0, 1, 2, 3, 4, 5]]);
    expect(randperm(0).shape).toEqual([0]);
  });

  it("bernoulli is true with probability p, never for 0 and always for 1", () => {
    const share = bernoulli(0.25, [4000]).dataSync().filter(Boolean).length / 4000;
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 4000));
    expect(bernoulli(0, [100]).any().itemSync()).toBe(false);
    expect(bernoulli(1, [100]).all().itemSync()).toBe(true);
    expect(bernoulli(0.5, [2]).dtype).toBe("bool");
  });

  it("refuse bounds, probabilities and shapes that are none", () => {
    expect(messageOf(() => randint(3, 3, [1]))).toBe(
      "[randint] bounds are int32 and in order: expected whole numbers low < high, got low 3, high 3.",
    );
    expect(() => randint(0, 2 ** 31, [1])).toThrow(ValueError);
    expect(() => randint(0.5, 2, [1])).toThrow(ValueError);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => bernoulli(p, [1])).toThrow(ValueError);
    expect(() => rand([-1])).toThrow(ShapeError);
    expect(() => randperm(1.5)).toThrow(ShapeError);
  });

  it("rand and randn refuse dtypes without fractions", () => {
    for (const dtype of ["int32", "uint8", "bool"] as const) {
      expect(() => rand([1], { dtype })).toThrow(DTypeError);
      expect(() => randn([1], { dtype })).toThrow(DTypeError);
    }
    expect(messageOf(() => rand([1], { dtype: "int32" }))).toBe(
      "[rand] random numbers of this distribution have fractions: expected a float dtype, got int32. For whole numbers use randint, for booleans bernoulli.",
    );
  });
});
