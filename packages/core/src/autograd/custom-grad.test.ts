import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  customGrad,
  type GradientError,
  grad,
  gradCheck,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { expectClose, messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** x² by hand, which keeps x on the object. */
const square = customGrad({
  forward(x: Tensor) {
    Object.assign(this, { x });
    return x.mul(x);
  },
  backward(upstream: Tensor) {
    return upstream.mul((this as unknown as { x: Tensor }).x).mul(2);
  },
});

const leaf = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true });

describe("customGrad", () => {
  it("differentiates by the user's backward, upstream · local", () => {
    const x = leaf([3, -1]);
    square(x.mul(2)).sum().backward();
    expect(x.grad?.arraySync()).toEqual([24, -8]);
  });

  it("uses backward instead of the operations inside forward", () => {
    const straightThrough = customGrad({
      forward: (x: Tensor) => x.round(),
      backward: (upstream) => [upstream],
    });
    const x = leaf([1.4, 2.6]);
    const y = straightThrough(x);
    expect(y.arraySync()).toEqual([1, 3]);
    y.sum().backward();
    expect(x.grad?.arraySync()).toEqual([1, 1]);
  });

  it("keeps the state of each call apart, and the definition clean", () => {
    const definition = {
      forward(x: Tensor) {
        Object.assign(this, { x });
        return x.mul(x);
      },
      backward(upstream: Tensor) {
        return [upstream.mul((this as unknown as { x: Tensor }).x).mul(2)];
      },
    };
    const own = customGrad(definition);
    const x = leaf(2);
    const [a, b] = [own(x), own(x.mul(5))];
    a.add(b).backward(); // 2x + 50x
    expect(x.grad?.itemSync()).toBe(104);
    expect(Object.keys(definition)).toEqual(["forward", "backward"]);
  });

  it("calls backward once for all operands, and only when one needs a gradient", () => {
    const backward = vi.fn((upstream: Tensor) => [upstream, upstream, null]);
    const sum = customGrad({
      forward: (x: Tensor, y: Tensor, z: Tensor) => x.add(y).add(z),
      backward,
    });
    const [x, y, z] = [leaf(1), leaf(2), leaf(3)];
    sum(x, y, z).backward();
    expect(backward).toHaveBeenCalledTimes(1);
    expect([x, y, z].map((v) => v.grad?.itemSync())).toEqual([1, 1, undefined]);
    expect(sum(tensor(1), tensor(2), tensor(3)).requiresGrad).toBe(false);
    expect(backward).toHaveBeenCalledTimes(1);
  });

  it("can be differentiated twice when backward is written with operations", () => {
    expectClose(grad(grad((x: Tensor) => square(square(x))))(tensor(2)), 48);
    const x = leaf(3);
    square(x).backward({ createGraph: true });
    const slope = x.grad as Tensor;
    x.grad = null;
    slope.backward();
    expectClose(x.grad, 2);
  });

  it("records the second pass also when the first, from the same upstream, was unrecorded", () => {
    const x = leaf([3]);
    const upstream = tensor([1]);
    const y = square(x);
    y.backward({ gradient: upstream, retainGraph: true });
    x.grad = null;
    y.backward({ gradient: upstream, createGraph: true });
    const slope = x.grad as unknown as Tensor;
    expect(slope.requiresGrad).toBe(true);
  });

  it("passes gradCheck, also to second order", async () => {
    const x = tensor([0.5, -2], { dtype: "float64" });
    await expect(gradCheck((v) => square(v as Tensor), [x], { secondOrder: true })).resolves.toBe(
      true,
    );
  });

  it("refuses another number of gradients than operands", () => {
    const wrong = customGrad({
      forward: (x: Tensor, y: Tensor) => x.add(y),
      backward: (upstream) => [upstream],
    });
    expect(messageOf(() => wrong(leaf(1), leaf(2)).backward())).toBe(
      "[customGrad] backward returns one gradient per operand: expected 2 gradients, got 1. Return null for an operand that has none.",
    );
  });

  it("refuses gradients of another shape, instead of reshaping them", () => {
    const returning = (shape: readonly number[]) =>
      customGrad({
        forward: (x: Tensor) => x.sum(),
        backward: () => [tensor(1).broadcastTo(shape)],
      });
    expect(messageOf(() => returning([4])(leaf([1, 2])).backward())).toBe(
      "[backward] a gradient must have the shape of its operand: expected [2], or a shape it broadcasts to, from the derivative of customGrad, got [4]. Check what its backward returns.",
    );
    const matrix = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    expect(() => returning([4])(matrix).backward()).toThrow("customGrad");
    expect(() => returning([])(leaf([1, 2])).backward()).toThrow("customGrad");
    // one that a broadcast produced is summed, as everywhere
    const x = leaf([1, 2]);
    returning([3, 2])(x).backward();
    expect(x.grad?.arraySync()).toEqual([3, 3]);
  });

  it("refuses an async forward, and objects without the two methods", () => {
    const slow = customGrad({ forward: (async () => leaf(1)) as never, backward: () => [] });
    expect(() => slow()).toThrow(ValueError);
    expect(() => customGrad({ forward: () => tensor(1) } as never)).toThrow(ValueError);
    expect(() => customGrad(null as never)).toThrow(ValueError);
  });
});

describe("gradCheck", () => {
  const x = (): Tensor => tensor([0.3, -1.2], { dtype: "float64" });

  it("accepts right derivatives of first and second order, of several inputs", async () => {
    const f = (a?: Tensor, b?: Tensor): Tensor => (a as Tensor).exp().mul(b as Tensor);
    await expect(gradCheck(f, [x(), x()], { secondOrder: true })).resolves.toBe(true);
    await expect(gradCheck((a) => a?.mul(3) as Tensor, [x()], { secondOrder: true })).resolves.toBe(
      true,
    );
  });

  it("catches a wrong derivative and names input and element", async () => {
    const wrong = customGrad({
      forward: (a: Tensor, b: Tensor) => a.add(b.square()),
      backward: (upstream) => [upstream, upstream.mul(2)], // forgets b
    });
    const error = await gradCheck((a, b) => wrong(a as Tensor, b as Tensor), [x(), x()]).catch(
      (caught: GradientError) => caught,
    );
    expect(error).toMatchObject({ name: "GradientError", op: "gradCheck" });
    // weights start at 0.5, b = 0.3: right is 0.5 · 2 · 0.3, got 0.5 · 2
    expect(String(error)).toMatch(/about 0\.(3|2999)\d* for element 0 of input 1, got 1\./);
  });

  it("catches a second derivative that is wrong although the first is right", async () => {
    const frozen = customGrad({
      forward(a: Tensor) {
        Object.assign(this, { slope: a.detach().mul(2) });
        return a.square();
      },
      backward(upstream: Tensor) {
        return [upstream.mul((this as unknown as { slope: Tensor }).slope)];
      },
    });
    const f = (a?: Tensor): Tensor => frozen(a as Tensor);
    await expect(gradCheck(f, [x()])).resolves.toBe(true);
    await expect(gradCheck(f, [x()], { secondOrder: true })).rejects.toThrow("[gradCheck]");
  });

  it("catches a gradient that is NaN", async () => {
    const nan = customGrad({
      forward: (a: Tensor) => a.mul(1),
      backward: (upstream) => [upstream.mul(Number.NaN)],
    });
    await expect(gradCheck((a) => nan(a as Tensor), [x()])).rejects.toThrow("got NaN");
  });
});
