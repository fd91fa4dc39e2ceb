import { beforeAll, describe, expect, it } from "vitest";
import {
  assign,
  GradientError,
  noGrad,
  setBackend,
  stack,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { expectClose, messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const leaf = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true });

describe("backward", () => {
  it("adds gradients where a value branches", () => {
    const x = leaf(3);
    const y = x.mul(x).add(x); // x² + x
    y.add(y).add(x).backward(); // 2x² + 3x
    expect(x.grad?.itemSync()).toBe(15);
  });

  it("walks a diamond once: every node after all its users", () => {
    const x = leaf(2);
    let y: Tensor = x;
    for (let i = 0; i < 30; i++) y = y.add(y); // 2³⁰ paths
    y.backward();
    expect(x.grad?.itemSync()).toBe(2 ** 30);
  });

  it("accumulates over calls until the gradient is set to null", () => {
    const x = leaf([1, 2]);
    x.square().sum().backward();
    x.square().sum().backward();
    expect(x.grad?.arraySync()).toEqual([4, 8]);
    x.grad = null;
    x.mul(3).sum().backward();
    expectClose(x.grad, [3, 3]);
  });

  it("of a leaf itself is 1", () => {
    const x = leaf(5);
    x.backward();
    expect(x.grad?.itemSync()).toBe(1);
  });

  it("starts from the upstream gradient that is given", () => {
    const x = leaf([1, 2, 3]);
    x.square().backward({ gradient: tensor([1, 0, -1]) });
    expect(x.grad?.arraySync()).toEqual([2, 0, -6]);
    expect(messageOf(() => x.square().backward({ gradient: tensor([1]) }))).toBe(
      "[backward] the upstream gradient must have the shape of the result: expected [3], got [1].",
    );
  });

  it("refuses an upstream gradient that is no tensor", () => {
    expect(() =>
      leaf([1])
        .mul(2)
        .backward({ gradient: 1 as never }),
    ).toThrow(ValueError);
  });

  it("refuses results of several elements", () => {
    expect(messageOf(() => leaf([1, 2]).mul(2).backward())).toBe(
      "[backward] can only start from a single element: expected shape [], got [2]. Reduce first, e.g. loss.mean(), or pass the upstream gradient.",
    );
    const x = leaf([4]);
    x.mul(2).backward(); // one element with an axis will do
    expect(x.grad?.arraySync()).toEqual([2]);
  });

  it("refuses results that depend on nothing", () => {
    const needs = "[backward] the result must depend on a tensor that requires a gradient";
    expect(messageOf(() => tensor(1).backward())).toContain(needs);
    expect(messageOf(() => noGrad(() => leaf(1).mul(2)).backward())).toContain(needs);
    expect(messageOf(() => leaf(1).less(2).backward())).toContain("a bool tensor of shape []");
  });

  it("gives gradients the shape and dtype of their operands", () => {
    const x = leaf([1, 2]);
    const w = tensor([[3], [4]], { dtype: "float64", requiresGrad: true });
    const product: Tensor = x.mul(w);
    expect(product.dtype).toBe("float64");
    product.sum().backward();
    expect([x.grad?.dtype, x.grad?.arraySync()]).toEqual(["float32", [7, 7]]);
    expect([w.grad?.dtype, w.grad?.arraySync()]).toEqual(["float64", [[3], [3]]]);
  });

  it("stops at int results and at comparisons", () => {
    const x = leaf([1.5, 2.5]);
    expect(x.astype("int32").requiresGrad).toBe(false);
    expect(x.greater(2).requiresGrad).toBe(false);
    x.mul(x.greater(2)).sum().backward();
    expect(x.grad?.arraySync()).toEqual([0, 1]);
  });

  it("leaves tensors that require none without a gradient", () => {
    const x = leaf(2);
    const c = tensor(3);
    x.mul(c).backward();
    expect(c.grad).toBe(null);
  });

  it("does not overflow the stack on 100,000 operations in a row", () => {
    const x = leaf(1);
    let y: Tensor = x;
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    y.backward();
    expect(x.grad?.itemSync()).toBe(1);
    expect(y.itemSync()).toBe(100_001);
  });
});

describe("a walked graph", () => {
  const message =
    "[backward] a graph can be walked once: expected the saved inputs of square, got a graph that an earlier backward() released. Pass { retainGraph: true } to the earlier call to walk it again.";

  it("cannot be walked again", () => {
    const y = leaf(3).square();
    y.backward();
    expect(messageOf(() => y.backward())).toBe(message);
    expect(y.node?.released).toBe(true);
  });

  it("fails as a part of another graph too", () => {
    const shared = leaf(3).square();
    shared.mul(2).backward();
    expect(messageOf(() => shared.mul(3).backward())).toBe(message);
  });

  it("can be walked again with retainGraph", () => {
    const x = leaf(3);
    const y = x.square();
    y.backward({ retainGraph: true });
    y.backward();
    expect(x.grad?.itemSync()).toBe(12);
    expect(() => y.backward()).toThrow(GradientError);
  });

  it("that saves nothing can be walked any number of times", () => {
    const x = leaf(3);
    const y = x.add(x);
    y.backward();
    y.backward();
    expect(x.grad?.itemSync()).toBe(4);
  });
});

describe("createGraph", () => {
  it("gives second and third derivatives: x⁴ at 2 has 32, 48, 48", () => {
    const x = tensor(2, { requiresGrad: true });
    x.pow(4).backward({ createGraph: true });
    const first = x.grad as Tensor;
    x.grad = null;
    first.backward({ createGraph: true });
    const second = x.grad as unknown as Tensor;
    x.grad = null;
    second.backward();
    expectClose(first, 32);
    expectClose(second, 48);
    expectClose(x.grad, 48);
  });

  it("reaches all derivatives of tanh: 1 - t², -2t(1 - t²), (6t² - 2)(1 - t²)", () => {
    const at = 0.4;
    const t = Math.tanh(at);
    const x = tensor(at, { dtype: "float64", requiresGrad: true });
    const values: number[] = [];
    let y: Tensor = x.tanh();
    for (let order = 0; order < 3; order++) {
      x.grad = null;
      y.backward({ createGraph: true });
      y = x.grad as unknown as Tensor;
      values.push(Number(y.itemSync()));
    }
    const slope = 1 - t * t;
    const wanted = [slope, -2 * t * slope, (6 * t * t - 2) * slope];
    expectClose(tensor(values, { dtype: "float64" }), wanted, 1e-14);
  });

  it("makes gradients that depend on other leaves: d/dw of (d(w²x³)/dx) = 6wx²", () => {
    const [x, w] = [leaf(2), leaf(5)];
    w.square().mul(x.pow(3)).backward({ createGraph: true });
    const slope = x.grad as Tensor; // 3w²x² = 300
    expectClose(slope, 300);
    w.grad = null;
    slope.backward();
    expectClose(w.grad, 120);
  });

  it("without it, gradients have no graph", () => {
    const x = leaf(2);
    x.square().backward();
    expect(x.grad?.requiresGrad).toBe(false);
  });
});

describe("gradients of leaves", () => {
  const cases: [string, (x: Tensor, y: Tensor) => Tensor][] = [
    ["a sum", (x, y) => x.add(y).sum()],
    ["a sum with its own upstream", (x, y) => x.add(y).mul(2).sum()],
    ["a stack", (x, y) => stack([x, y]).sum()],
    [
      "views of one gradient",
      (x, y) =>
        x
          .reshape([2, 1])
          .add(y.reshape([2, 1]))
          .square()
          .sum(),
    ],
  ];

  it.each(cases)("are separate when both come from %s", (_, f) => {
    for (const createGraph of [false, true]) {
      const [x, y] = [leaf([1, 2]), leaf([3, 4])];
      f(x, y).backward({ createGraph });
      const before = y.grad?.arraySync();
      noGrad(() => assign(x.grad as Tensor, zeros([2])));
      expect(y.grad?.arraySync()).toEqual(before);
      expect(x.grad?.arraySync()).toEqual([0, 0]);
    }
  });

  it("are not the tensor that the caller passed", () => {
    const x = leaf([1, 2]);
    const upstream = tensor([1, 1]);
    x.add(0).backward({ gradient: upstream });
    assign(x.grad as Tensor, zeros([2]));
    expect(upstream.arraySync()).toEqual([1, 1]);
    expect((x.grad as Tensor).strides).toEqual([1]);
  });

  it("can be assigned to, also where the derivative is a view", () => {
    const x = zeros([2, 3], { requiresGrad: true });
    x.sum().backward();
    assign(x.grad as Tensor, zeros([2, 3]));
    expect(x.grad?.dataSync()).toEqual(new Float32Array(6));
  });
});

describe("saved tensors", () => {
  it("that were overwritten since are an error naming both operations", () => {
    const x = leaf(3);
    const w = leaf(2);
    const y = x.mul(w);
    noGrad(() => assign(w, tensor(7)));
    expect(messageOf(() => y.backward())).toBe(
      "[backward] saved tensors must be unchanged: expected operand 1 of mul, shape [], as it was saved, got one overwritten by assign since. Call backward() before assign, or use a copy in the forward pass.",
    );
  });

  it("that are results count as well", () => {
    const y = leaf([1, 2]).exp();
    const loss = y.sum();
    assign(y.detach(), tensor([0, 0]));
    expect(messageOf(() => loss.backward())).toContain("the result of exp, shape [2]");
  });

  it("are seen through views", () => {
    const w = tensor([1, 2]);
    const y = leaf([3]).mul(w.at("1:")).sum();
    assign(w, tensor([8, 9]));
    expect(() => y.backward()).toThrow(GradientError);
  });

  it("only matter where the derivative reads them", () => {
    const x = tensor([1, 2]);
    const w = leaf([3, 4]);
    const y = x.mul(w).sum(); // dL/dw reads x alone
    assign(w, tensor([7, 7]));
    y.backward();
    expect(w.grad?.arraySync()).toEqual([1, 2]);
    const z = x.add(w).sum(); // saves nothing
    assign(w, tensor([0, 0]));
    assign(x, tensor([0, 0]));
    z.backward();
    expect(w.grad?.arraySync()).toEqual([2, 3]);
  });

  it("that were disposed are an error, not garbage", () => {
    const w = tensor([2]);
    const y = leaf([3]).mul(w).sum();
    w.dispose();
    expect(messageOf(() => y.backward())).toContain("[mul] a disposed tensor cannot be used");
  });
});
