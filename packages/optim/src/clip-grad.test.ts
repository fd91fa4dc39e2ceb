// What PyTorch's numbers (the conformance suite) do not say about clipping: bounds, what stays, refusals.

import {
  BackendError,
  Generator,
  randn,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { clipGradNorm, clipGradValue, SGD } from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** A parameter with a gradient of these numbers. */
function withGrad(...gradient: number[]): Tensor {
  const param = zeros([gradient.length], { requiresGrad: true });
  param.grad = tensor(gradient);
  return param;
}

function gradOf(param: Tensor): number[] | null {
  return param.grad === null ? null : Array.from(param.grad.dataSync(), Number);
}

describe("clipGradNorm", () => {
  it.each([1, 2, 3, Number.POSITIVE_INFINITY])("leaves at most the norm asked for, p = %d", (p) => {
    const generator = new Generator(2);
    for (const maxNorm of [1e-3, 0.1, 1, 30]) {
      for (const scale of [1e-3, 1, 1e6]) {
        const params = [zeros([7, 3], { requiresGrad: true }), zeros([5], { requiresGrad: true })];
        for (const param of params) param.grad = randn(param.shape, { generator }).mul(scale);
        const before = clipGradNorm(params, maxNorm, { normType: p }).itemSync();
        const after = clipGradNorm(params, Number.POSITIVE_INFINITY, { normType: p }).itemSync();
        expect(after).toBeLessThanOrEqual(Math.min(maxNorm, before) * (1 + 1e-5));
        // The length lost to the 1e-6 in the denominator, and nothing more.
        const least = Math.min(maxNorm / (1 + 1e-6 / before), before) * (1 - 1e-5);
        expect(after).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it("measures and changes nothing with an infinite limit", () => {
    const [x, y] = [withGrad(3), withGrad(Number.POSITIVE_INFINITY)];
    const grad = x.grad;
    expect(clipGradNorm([x], Number.POSITIVE_INFINITY).itemSync()).toBe(3);
    expect(clipGradNorm([x, y], Number.POSITIVE_INFINITY).itemSync()).toBe(Infinity);
    expect(x.grad).toBe(grad);
  });

  it("treats what is not finite as PyTorch", () => {
    const infinite = [withGrad(1, 2), withGrad(Number.NEGATIVE_INFINITY, 1)];
    expect(clipGradNorm(infinite, 1).itemSync()).toBe(Number.POSITIVE_INFINITY);
    expect(infinite.map(gradOf)).toEqual([
      [0, 0],
      [Number.NaN, 0],
    ]);
    for (const normType of [2, Number.POSITIVE_INFINITY]) {
      const undefinedOne = [withGrad(1, 2), withGrad(Number.NaN, 1)];
      expect(clipGradNorm(undefinedOne, 1, { normType }).itemSync()).toBeNaN();
      expect(undefinedOne.map(gradOf)).toEqual([
        [Number.NaN, Number.NaN],
        [Number.NaN, Number.NaN],
      ]);
    }
  });

  it("of nothing is 0, where the parameters are", () => {
    const backend = interpreter();
    const idle = zeros([2], { requiresGrad: true, backend });
    expect(clipGradNorm([idle], 1).backend).toBe(backend);
    expect(clipGradNorm([], 1).itemSync()).toBe(0);
    const empty = zeros([0], { requiresGrad: true });
    empty.grad = zeros([0]);
    expect(clipGradNorm([empty], 1, { normType: Number.POSITIVE_INFINITY }).itemSync()).toBe(0);
  });

  it("records nothing", () => {
    const x = tensor([3, 4], { requiresGrad: true });
    x.square().sum().backward({ createGraph: true });
    const norm = clipGradNorm([x], 1);
    expect([norm.requiresGrad, x.grad?.requiresGrad]).toEqual([false, false]);
  });

  it("may mix dtypes", () => {
    const wide = zeros([1], { dtype: "float64", requiresGrad: true });
    wide.grad = tensor([4], { dtype: "float64" });
    const narrow = withGrad(3);
    const norm = clipGradNorm([narrow, wide], 1);
    expect([norm.dtype, norm.itemSync()]).toEqual(["float64", 5]);
    expect(narrow.grad?.itemSync()).toBeCloseTo(0.6, 6);
    expect(wide.grad?.itemSync()).toBeCloseTo(0.8, 6);
    expect([narrow.grad?.dtype, wide.grad?.dtype]).toEqual(["float32", "float64"]);
  });

  it("reads a generator once, and takes a repeated parameter once", () => {
    const x = withGrad(3);
    const y = withGrad(4);
    expect(clipGradNorm([x, y, x].values(), 1).itemSync()).toBe(5);
    expect(gradOf(x)?.[0]).toBeCloseTo(0.6, 6);
  });

  it("tames gradients that explode", () => {
    // x ← w x ten times over, from w = 2: the derivative of (w^10 - 1)² is 10^7.
    const train = (limit: number): number => {
      const w = tensor(2, { requiresGrad: true });
      const optimizer = new SGD([w], { lr: 0.004 });
      for (let step = 0; step < 400; step++) {
        optimizer.zeroGrad();
        let x: Tensor = w;
        for (let i = 1; i < 10; i++) x = x.mul(w);
        x.sub(1).square().backward();
        clipGradNorm([w], limit);
        optimizer.step();
      }
      return w.itemSync();
    };
    expect(train(1)).toBeCloseTo(1, 4);
    expect(train(Number.POSITIVE_INFINITY)).toBeNaN();
  });

  it("refuses parameters of several backends", () => {
    const elsewhere = zeros([1], { backend: interpreter(), requiresGrad: true });
    elsewhere.grad = zeros([1], { backend: elsewhere.backend });
    expect(() => clipGradNorm([withGrad(1), elsewhere], 1)).toThrow(BackendError);
  });
});

describe("clipGradValue", () => {
  it("keeps NaN, cuts infinity", () => {
    const x = withGrad(Number.NaN, Number.POSITIVE_INFINITY, -7, 0.25);
    clipGradValue([x], 0.5);
    expect(gradOf(x)).toEqual([Number.NaN, 0.5, -0.5, 0.25]);
  });

  it("works on each backend by itself", () => {
    const elsewhere = zeros([1], { backend: interpreter(), requiresGrad: true });
    elsewhere.grad = tensor([3], { backend: elsewhere.backend });
    const here = withGrad(-2);
    clipGradValue([here, elsewhere], 1);
    expect([here, elsewhere].map(gradOf)).toEqual([[-1], [1]]);
  });
});

describe("both", () => {
  const clips: [string, (parameters: Iterable<Tensor>, limit: number) => unknown][] = [
    ["clipGradNorm", clipGradNorm],
    ["clipGradValue", clipGradValue],
  ];

  it.each(clips)("%s leaves whoever holds the gradient of before alone", (_, clip) => {
    const x = withGrad(3, 4);
    const y = withGrad(0, 0);
    const shared = x.grad;
    y.grad = shared;
    clip([x], 1);
    expect(shared?.arraySync()).toEqual([3, 4]);
    expect(y.grad).toBe(shared);
  });

  it.each(clips)("%s clips a shared gradient once for each parameter", (_, clip) => {
    const [x, y] = [withGrad(5, 0), withGrad(0, 0)];
    y.grad = x.grad;
    clip([x, y], 1);
    expect(gradOf(x)).toEqual(gradOf(y));
    expect(gradOf(x)?.[0]).toBeCloseTo(clip === clipGradNorm ? Math.SQRT1_2 : 1, 5);
  });

  it.each(clips)("%s refuses limits and lists that are none", (name, clip) => {
    for (const limit of [-1, Number.NaN, "1", undefined]) {
      expect(() => clip([withGrad(1)], limit as number)).toThrow(ValueError);
    }
    for (const list of [withGrad(1), undefined, 3, [["w", withGrad(1)]], [null], [undefined]]) {
      expect(() => clip(list as never, 1)).toThrow(`[${name}] parameters are given as a list`);
    }
  });

  it("clipGradNorm refuses exponents that are none", () => {
    expect(() =>
      clipGradNorm([withGrad(1)], 1, { normType: 0 }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [clipGradNorm] normType is the exponent of a norm: expected a number > 0, or Infinity, got 0.]`,
    );
    for (const normType of [-1, Number.NaN, "inf" as never]) {
      expect(() => clipGradNorm([withGrad(1)], 1, { normType })).toThrow(ValueError);
    }
  });
});
