// The examples of the lectures (CURRICULUM §4), with the numbers that stand on the slides.

import { beforeAll, describe, expect, it } from "vitest";
import {
  customGrad,
  grad,
  matmul,
  maximum,
  setBackend,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const variable = (value: number): Tensor => tensor(value, { requiresGrad: true });

describe("gates", () => {
  it("f = (x + y) z at (-2, 5, -4) has the gradients -4, -4, 3", () => {
    const [x, y, z] = [variable(-2), variable(5), variable(-4)];
    const f = x.add(y).mul(z);
    f.backward();
    expect(f.itemSync()).toBe(-12);
    expect([x, y, z].map((v) => v.grad?.itemSync())).toEqual([-4, -4, 3]);
  });

  it("f = (x + y) max(y, z) at (1, 2, 0) is 6 with gradients 2, 5, 0: y collects 2 + 3", () => {
    const [x, y, z] = [variable(1), variable(2), variable(0)];
    const f = x.add(y).mul(maximum(y, z));
    f.backward();
    expect(f.itemSync()).toBe(6);
    expect([x, y, z].map((v) => v.grad?.itemSync())).toEqual([2, 5, 0]);
  });

  it("the sigmoid neuron at w = (2, -3, -3), x = (-1, -2) gives 0.73 and local gradient 0.2", () => {
    const w = tensor([2, -3, -3], { requiresGrad: true });
    const x = tensor([-1, -2], { requiresGrad: true });
    const z = w.at(":2").mul(x).sum().add(w.at(2));
    const f = z.sigmoid();
    f.backward();
    expect(z.itemSync()).toBe(1);
    const a = 1 / (1 + Math.exp(-1));
    expect(a.toFixed(2)).toBe("0.73");
    expectClose(f, a);
    const local = a * (1 - a);
    expect(local.toFixed(1)).toBe("0.2");
    // upstream 1 · local on every edge: by x for w, by w for x, by 1 for the bias
    expectClose(w.grad, [-1 * local, -2 * local, local]);
    expectClose(x.grad, [2 * local, -3 * local]);
  });

  it("one sigmoid gate and the five gates it is made of have the same gradient", () => {
    const five = (z: Tensor): Tensor => z.neg().exp().add(1).reciprocal();
    for (const z of [-2, 0, 1, 3.5]) {
      const [value, slope] = valueAndGrad(five)(tensor(z));
      expectClose(value, tensor(z).sigmoid().itemSync());
      expectClose(slope, grad((x: Tensor) => x.sigmoid())(tensor(z)).itemSync());
    }
  });

  it("‖Wx‖²: q = [0.22, 0.26], f = 0.116, ∇q = 2q, ∇W = 2q xᵀ, ∇x = 2Wᵀq", () => {
    const W = tensor(
      [
        [0.1, 0.5],
        [-0.3, 0.8],
      ],
      { requiresGrad: true },
    );
    const x = tensor([0.2, 0.4], { requiresGrad: true });
    const q = W.matmul(x);
    expectClose(q, [0.22, 0.26]);
    const squares = grad((v: Tensor) => v.square().sum());
    expectClose(squares(q.detach()), [0.44, 0.52]);
    const f = q.square().sum();
    expectClose(f, 0.116);
    f.backward();
    expectClose(W.grad, [
      [0.088, 0.176],
      [0.104, 0.208],
    ]);
    expectClose(x.grad, [-0.112, 0.636]);
  });

  it("a gate of the user's own is an object with forward and backward", () => {
    const multiply = customGrad({
      forward(x: Tensor, y: Tensor) {
        Object.assign(this, { x, y });
        return x.mul(y);
      },
      backward(dz: Tensor) {
        const { x, y } = this as unknown as { x: Tensor; y: Tensor };
        return [dz.mul(y), dz.mul(x)];
      },
    });
    const [x, y, z] = [variable(-2), variable(5), variable(-4)];
    multiply(x.add(y), z).backward();
    expect([x, y, z].map((v) => v.grad?.itemSync())).toEqual([-4, -4, 3]);
  });
});

describe("layers", () => {
  // δ = (1, -2), W 2x3, u of 3 elements
  const W = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const u = [0.5, -1, 2];
  const delta = [1, -2];

  it("z = Wu + b: ∂J/∂W = δ uᵀ, ∂J/∂b = δ, ∂J/∂u = Wᵀδ", () => {
    const [w, b, v] = [W, [10, 20], u].map((data) => tensor(data, { requiresGrad: true })) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const z = matmul(w, v).add(b);
    expect(z.arraySync()).toEqual([0.5 - 2 + 6 + 10, 2 - 5 + 12 + 20]);
    z.backward({ gradient: tensor(delta) });
    expect(w.grad?.arraySync()).toEqual([
      [0.5, -1, 2],
      [-1, 2, -4],
    ]);
    expect(b.grad?.arraySync()).toEqual(delta);
    expect(v.grad?.arraySync()).toEqual([1 - 8, 2 - 10, 3 - 12]);
  });

  it("a = σ(z): ∂J/∂z = ∂J/∂a ⊙ σ'(z)", () => {
    const z = tensor([0, 2], { requiresGrad: true });
    z.sigmoid().backward({ gradient: tensor([3, -1]) });
    const s = 1 / (1 + Math.exp(-2));
    expectClose(z.grad, [3 * 0.25, -s * (1 - s)]);
  });

  it("two layers: δ[1] = (W[2]ᵀ δ[2]) ⊙ f'(z[1])", () => {
    const w1 = tensor(
      [
        [1, -1],
        [2, 0.5],
      ],
      { requiresGrad: true },
    );
    const w2 = tensor([[3, -2]], { requiresGrad: true });
    const x = tensor([1, 2]);
    const z1 = w1.matmul(x);
    const z2 = w2.matmul(z1.relu());
    // z1 = (-1, 3), a1 = (0, 3), z2 = -6, y = 1: J = ½(z2 - y)², δ2 = -7
    z2.sub(1).square().sum().mul(0.5).backward();
    expect(w2.grad?.arraySync()).toEqual([[0, -21]]);
    // δ1 = (3, -2)ᵀ · -7 ⊙ (0, 1) = (0, 14)
    expect(w1.grad?.arraySync()).toEqual([
      [0, 0],
      [14, 28],
    ]);
  });
});

describe("the chain rule by hand", () => {
  it("z = 4x² + 3y², x = sin t, y = cos t: dz/dt = 8x cos t - 6y sin t", () => {
    const t = 0.7;
    const slope = grad((s: Tensor) => s.sin().square().mul(4).add(s.cos().square().mul(3)))(
      tensor(t, { dtype: "float64" }),
    );
    const [x, y] = [Math.sin(t), Math.cos(t)];
    expectClose(slope, 8 * x * Math.cos(t) - 6 * y * Math.sin(t), 1e-14);
  });

  it("f = 2g² - 3g + 1, g = x³ + 2x: df/dx = (4g - 3)(3x² + 2)", () => {
    const slope = grad((x: Tensor) => {
      const g = x.pow(3).add(x.mul(2));
      return g.square().mul(2).sub(g.mul(3)).add(1);
    })(tensor(2));
    // g = 12: (48 - 3) · 14
    expect(slope.itemSync()).toBe(630);
  });

  it("f = 2g₁² - 3g₁g₂ + 1, g₁ = 3x, g₂ = x² + 2x adds over both paths", () => {
    const slope = grad((x: Tensor) => {
      const [g1, g2] = [x.mul(3), x.square().add(x.mul(2))];
      return g1.square().mul(2).sub(g1.mul(g2).mul(3)).add(1);
    })(tensor(2));
    // f = 18x² - 9x³ - 18x² + 1 = 1 - 9x³: f' = -27x²
    expect(slope.itemSync()).toBe(-108);
  });
});
