import { beforeAll, describe, expect, it } from "vitest";
import {
  DTypeError,
  enableGrad,
  GradientError,
  grad,
  isGradEnabled,
  noGrad,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("requiresGrad", () => {
  it("spreads to results, and not beyond detach", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(2);
    expect([x.isLeaf, y.isLeaf, y.requiresGrad]).toEqual([true, false, true]);
    const z = y.detach();
    expect([z.requiresGrad, z.isLeaf, z.storage === y.storage]).toEqual([false, true, true]);
    expect(tensor([1]).mul(2).requiresGrad).toBe(false);
  });

  it("is for floats", () => {
    for (const dtype of ["int32", "uint8", "bool"] as const) {
      expect(() => zeros([1], { dtype, requiresGrad: true })).toThrow(DTypeError);
    }
    expect(messageOf(() => tensor([true], { requiresGrad: true }))).toBe(
      '[requiresGrad] only floats have gradients: expected float32, float64 or float16, got bool. Convert with astype("float32").',
    );
  });

  it("can be switched on leaves only", () => {
    const x = tensor([1]);
    x.requiresGrad = true;
    const y = x.exp();
    expect(
      messageOf(() => {
        y.requiresGrad = false;
      }),
    ).toBe(
      "[requiresGrad] only leaves can be switched: expected a tensor that was not computed, got the result of exp. Use detach() to get a leaf.",
    );
    x.requiresGrad = false;
    expect(x.exp().requiresGrad).toBe(false);
    expect(() => y.sum().backward()).not.toThrow();
  });

  it("of a detached part starts a gradient of its own", () => {
    const x = tensor([2], { requiresGrad: true });
    x.mul(x.detach()).sum().backward();
    expect(x.grad?.arraySync()).toEqual([2]);
  });
});

describe("noGrad and enableGrad", () => {
  const x = (): Tensor => tensor([1], { requiresGrad: true });

  it("switch recording for what runs inside, and nest", () => {
    expect(isGradEnabled()).toBe(true);
    noGrad(() => {
      expect(isGradEnabled()).toBe(false);
      expect(x().mul(2).requiresGrad).toBe(false);
      expect(enableGrad(() => x().mul(2).requiresGrad)).toBe(true);
      expect(isGradEnabled()).toBe(false);
    });
    expect(isGradEnabled()).toBe(true);
  });

  it("return what the function returns and restore the mode when it throws", () => {
    expect(noGrad(() => 5)).toBe(5);
    expect(() =>
      noGrad(() => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
    expect(isGradEnabled()).toBe(true);
  });

  it("leave leaves that are made inside as they were asked for", () => {
    expect(noGrad(x).requiresGrad).toBe(true);
  });

  it("refuse async functions and say what to do", () => {
    expect(messageOf(() => noGrad(async () => x()))).toBe(
      "[noGrad] the function of a scope must be synchronous: expected a function that returns its result, got one that returns a promise. Await outside: call noGrad(() => …) around each synchronous part, e.g. once per batch.",
    );
    expect(() => enableGrad(async () => 1)).toThrow(ValueError);
    expect(() => withBackend(interpreter(), async () => 1)).toThrow(ValueError);
    expect(() => grad((async (a: Tensor) => a) as never)()).toThrow(ValueError);
    expect(isGradEnabled()).toBe(true);
  });

  it("refuse any thenable, and swallow its rejection", async () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is the point
    const thenable = { then: (): void => {} };
    expect(() => noGrad(() => thenable)).toThrow(ValueError);
    expect(() => noGrad(() => Promise.reject(new Error("late")))).toThrow(ValueError);
    await new Promise((resolve) => setTimeout(resolve));
  });

  it("stop gradients that would flow through what ran inside", () => {
    const a = tensor([3], { requiresGrad: true });
    const frozen = noGrad(() => a.mul(2));
    a.mul(frozen).sum().backward();
    expect(a.grad?.arraySync()).toEqual([6]);
    expect(() => frozen.sum().backward()).toThrow(GradientError);
  });
});
