// Flatten and dropout.

import {
  Generator,
  manualSeed,
  ones,
  setBackend,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { Dropout, dropout, Flatten } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("Flatten", () => {
  it("keeps the batch axis by default", () => {
    expect(new Flatten().forward(zeros([2, 3, 4])).shape).toEqual([2, 12]);
    expect(new Flatten(0).forward(zeros([2, 3, 4])).shape).toEqual([24]);
    expect(new Flatten(0, 1).forward(zeros([2, 3, 4])).shape).toEqual([6, 4]);
  });
});

it("both refuse what is no tensor", () => {
  expect(() => new Flatten().forward([1] as never)).toThrow(ValueError);
  expect(() => new Dropout().forward([1] as never)).toThrow(ValueError);
});

describe("Dropout", () => {
  const kept = (y: number[]): number => y.filter((value) => value !== 0).length;

  it("drops about p and scales the rest by 1 / (1 - p)", () => {
    const y = dropout(ones([4000]), 0.75, { generator: new Generator(2) }).arraySync() as number[];
    expect(new Set(y)).toEqual(new Set([0, 4]));
    // 1,000 ± 27 expected: four deviations
    expect(Math.abs(kept(y) - 1000)).toBeLessThan(110);
  });

  it("draws a new mask in every call, and the same ones from the same seed", () => {
    const layer = new Dropout(0.5);
    const x = ones([64]);
    manualSeed(1);
    const a = layer.forward(x).arraySync();
    const b = layer.forward(x).arraySync();
    manualSeed(1);
    expect(layer.forward(x).arraySync()).toEqual(a);
    expect(a).not.toEqual(b);
  });

  it("takes a generator of its own", () => {
    const layer = (): Dropout => new Dropout(0.5, { generator: new Generator(9) });
    const x = ones([64]);
    expect(layer().forward(x).arraySync()).toEqual(layer().forward(x).arraySync());
  });

  it("passes its input through in evaluation mode and at p = 0", () => {
    const x = ones([3]);
    expect(new Dropout().eval().forward(x)).toBe(x);
    expect(new Dropout(0).forward(x)).toBe(x);
  });

  it("gives zeros at p = 1, also for infinities, with gradient zero", () => {
    const x = tensor([1, Number.POSITIVE_INFINITY], { requiresGrad: true });
    const y = new Dropout(1).forward(x);
    expectClose(y, [0, 0]);
    y.sum().backward();
    expectClose(x.grad, [0, 0]);
  });

  it("has the mask as its gradient", () => {
    const x = ones([32], { requiresGrad: true });
    const y = dropout(x, 0.5, { generator: new Generator(4) });
    y.sum().backward();
    expect(x.grad?.arraySync()).toEqual(y.arraySync());
  });

  it("keeps the dtype", () => {
    expect(dropout(ones([2], { dtype: "float64" }), 0.5).dtype).toBe("float64");
  });

  it("refuses probabilities outside [0, 1]", () => {
    expect(() => new Dropout(1.1)).toThrow(ValueError);
    expect(() => dropout(ones([1]), Number.NaN)).toThrow(ValueError);
  });
});
