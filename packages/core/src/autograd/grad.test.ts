import { beforeAll, describe, expect, it } from "vitest";
import {
  DTypeError,
  GradientError,
  grad,
  noGrad,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  valueAndGrad,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { expectClose, messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const cube = (x: Tensor): Tensor => x.pow(3);

describe("grad", () => {
  it("is the function that computes the gradient", () => {
    const slope = grad((x: Tensor) => x.pow(3).sum());
    expectClose(slope(tensor([1, 2, -3])), [3, 12, 27]);
    expect(slope(tensor([1])).requiresGrad).toBe(false);
  });

  it("nests: the derivatives of x³ at 2 are 12, 12, 6", () => {
    expectClose(grad(cube)(tensor(2)), 12);
    expectClose(grad(grad(cube))(tensor(2)), 12);
    expectClose(grad(grad(grad(cube)))(tensor(2)), 6);
  });

  it("leaves the arguments alone: no grad, no requiresGrad", () => {
    const x = tensor([2]);
    const w = tensor([3], { requiresGrad: true });
    grad((a: Tensor, b: Tensor) => a.mul(b).sum())(x, w);
    expect([x.requiresGrad, x.grad, w.grad]).toEqual([false, null, null]);
  });

  it("differentiates by the arguments in argnums, in their order", () => {
    const f = (x: Tensor, y: Tensor, scale: number): Tensor => x.square().mul(y).mul(scale).sum();
    const [x, y] = [tensor([3]), tensor([5])];
    expectClose(grad(f)(x, y, 2), [60]);
    expectClose(grad(f, { argnums: 1 })(x, y, 2), [18]);
    const [dy, dx] = grad(f, { argnums: [1, 0] })(x, y, 2);
    expectClose(dy ?? null, [18]);
    expectClose(dx ?? null, [60]);
    expect(grad(f, { argnums: [] as number[] }).length).toBe(0);
  });

  it("gives zeros for an argument that the result does not depend on", () => {
    const [dx, dy] = grad((x: Tensor, _y: Tensor) => x.sum(), { argnums: [0, 1] })(
      tensor([1]),
      tensor([[1, 2]]),
    );
    expect(dx?.arraySync()).toEqual([1]);
    expect(dy?.arraySync()).toEqual([[0, 0]]);
  });

  it("keeps the arguments apart when one tensor is passed twice", () => {
    const x = tensor([3]);
    const product = (a: Tensor, b: Tensor): Tensor => a.square().mul(b).sum();
    const [da, db] = grad(product, { argnums: [0, 1] })(x, x);
    expectClose(da ?? null, [18]);
    expectClose(db ?? null, [9]);
  });

  it("counts only uses through the argument", () => {
    const x = tensor([3], { requiresGrad: true });
    expectClose(grad((a: Tensor) => a.mul(x).sum())(x), [3]);
    expect(x.grad).toBe(null);
  });

  it("inside another grad, an inner function may capture the outer variable", () => {
    // g(x) = d/dy (x² y³) at y = x, which is 3x²y² = 3x⁴ : g'(x) = 12x³, both through y and the capture
    const g = (x: Tensor): Tensor => grad((y: Tensor) => x.square().mul(y.pow(3)))(x);
    expectClose(g(tensor(2)), 48);
    expectClose(grad(g)(tensor(2)), 96);
    // and with a constant inner argument only through the capture: 3·2x·1
    const h = (x: Tensor): Tensor => grad((y: Tensor) => x.square().mul(y.pow(3)))(tensor(1));
    expectClose(grad(h)(tensor(5)), 30);
  });

  it("mixed partial derivatives agree in either order", () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.pow(2).mul(y.sin());
    const xy = grad((x: Tensor, y: Tensor) => grad(f)(x, y), { argnums: 1 });
    const yx = grad((x: Tensor, y: Tensor) => grad(f, { argnums: 1 })(x, y));
    const at = [1.5, 0.3].map((v) => tensor(v, { dtype: "float64" })) as [Tensor, Tensor];
    expectClose(xy(...at), 3 * Math.cos(0.3), 1e-14);
    expectClose(yx(...at), 3 * Math.cos(0.3), 1e-14);
  });

  it("of a quadratic form gives its matrix: the rows of A + Aᵀ", () => {
    const A = tensor([
      [1, 2],
      [3, 4],
    ]);
    const form = (x: Tensor): Tensor => x.matmul(A).matmul(x);
    const row = (i: number) => grad((x: Tensor) => grad(form)(x).at(i))(tensor([0.5, -1]));
    expectClose(row(0), [2, 5]);
    expectClose(row(1), [5, 8]);
  });

  it("keeps a graph to captured parameters, as for a gradient penalty", () => {
    const w = tensor(3, { requiresGrad: true });
    const slope = grad((x: Tensor) => w.square().mul(x.square()))(tensor(2)); // 2xw² = 36
    expectClose(slope, 36);
    slope.backward(); // d(2xw²)/dw = 4xw
    expectClose(w.grad, 24);
  });

  it("inside noGrad still computes, without a graph of its own", () => {
    const w = tensor(3, { requiresGrad: true });
    const slope = noGrad(() => grad((x: Tensor) => w.mul(x.square()))(tensor(2)));
    expectClose(slope, 12);
    expect(slope.requiresGrad).toBe(false);
  });

  it("refuses several elements, results from nothing, and arguments that are no tensors", () => {
    expect(messageOf(() => grad((x: Tensor) => x)(tensor([1, 2])))).toContain(
      "[grad] can only start from a single element",
    );
    expect(() => grad(() => tensor(1))(...([tensor(1)] as unknown as []))).toThrow(GradientError);
    expect(() => grad((x: Tensor) => x.detach())(tensor(1))).toThrow(GradientError);
    expect(messageOf(() => grad((x: Tensor) => x)(3 as never))).toBe(
      "[grad] differentiated arguments must be tensors: expected a tensor as argument 0, got 3. Wrap it with tensor(…), or name other arguments in { argnums }.",
    );
    expect(() => grad((x: Tensor) => x, { argnums: 1 })(tensor(1))).toThrow(ValueError);
    expect(() => grad((x: Tensor) => x.sum())(tensor(new Int32Array([1])))).toThrow(DTypeError);
  });
});

describe("valueAndGrad", () => {
  it("returns the value, detached, and the gradient", () => {
    const [value, slope] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([3, 4]));
    expect([value.itemSync(), value.requiresGrad]).toEqual([25, false]);
    expect(slope.arraySync()).toEqual([6, 8]);
  });

  it("keeps the value in an outer graph", () => {
    const outer = grad((x: Tensor) => {
      const [value, slope] = valueAndGrad(cube)(x);
      return value.add(slope); // x³ + 3x²
    });
    expectClose(outer(tensor(2)), 12 + 12);
  });
});
