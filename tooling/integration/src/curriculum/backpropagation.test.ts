// Curriculum §4. The gates and the chain rule by hand are tested in core, autograd/gates.test.ts.

import {
  add,
  customGrad,
  exp,
  grad,
  js,
  Linear,
  type Module,
  memory,
  mse,
  mul,
  neg,
  reciprocal,
  Sequential,
  Sigmoid,
  setBackend,
  Tanh,
  type Tensor,
  tensor,
  trackMemory,
} from "chainrule";
import { afterEach, describe, expect, it } from "vitest";
import { expectClose } from "../../../../packages/nn/src/testing.js";

type Matrix = number[][];

const dot = (row: readonly number[], v: readonly number[]): number =>
  row.reduce((sum, each, i) => sum + each * (v[i] ?? 0), 0);
const times = (W: Matrix, v: readonly number[]): number[] => W.map((row) => dot(row, v));
const transposed = (W: Matrix): Matrix => (W[0] ?? []).map((_, j) => W.map((row) => row[j] ?? 0));
const outer = (v: readonly number[], w: readonly number[]): Matrix =>
  v.map((a) => w.map((b) => a * b));

describe("a network of three layers", () => {
  const weights: Matrix[] = [
    [
      [0.3, -0.8],
      [1.1, 0.4],
      [-0.5, 0.2],
    ],
    [
      [0.7, -0.1, 0.9],
      [-1.2, 0.5, 0.3],
    ],
    [
      [0.6, -0.4],
      [0.2, 1.5],
    ],
  ];
  const biases = [
    [0.1, -0.2, 0.3],
    [0, 0.4],
    [-0.1, 0.2],
  ];
  const [x, y] = [
    [0.9, -1.3],
    [0.5, -2],
  ];
  const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

  it.each([
    ["sigmoid", logistic, (z: number) => logistic(z) * (1 - logistic(z)), () => new Sigmoid()],
    ["tanh", Math.tanh, (z: number) => 1 - Math.tanh(z) ** 2, () => new Tanh()],
  ] as const)("of %s: δ[r] = z[r] - y, δ[k] = (W[k+1]ᵀ δ[k+1]) ⊙ f'(z[k])", (_, f, slope, make) => {
    // Forward pass: keep z and a of every layer. The last one is linear.
    const z: number[][] = [];
    const a: number[][] = [x];
    for (const [k, W] of weights.entries()) {
      const sum = times(W, a[k] ?? []).map((each, i) => each + (biases[k]?.[i] ?? 0));
      z.push(sum);
      a.push(k === 2 ? sum : sum.map(f));
    }
    // Backward pass: every δ from the one after it.
    const delta: number[][] = [[], [], (z[2] ?? []).map((each, i) => each - (y[i] ?? 0))];
    for (const k of [1, 0]) {
      const back = times(transposed(weights[k + 1] ?? []), delta[k + 1] ?? []);
      delta[k] = back.map((each, i) => each * slope(z[k]?.[i] ?? 0));
    }

    const layers = weights.map(
      (W, k) =>
        new Linear(W[0]?.length ?? 0, W.length, {
          dtype: "float64",
          weightInit: tensor(W, { dtype: "float64" }),
          biasInit: tensor(biases[k] ?? [], { dtype: "float64" }),
        }),
    );
    const [first, second, third] = layers as [Linear, Linear, Linear];
    const model = new Sequential(first, make(), second, make(), third);
    const output = model.forward(tensor(x, { dtype: "float64" }));
    mse(output, tensor(y, { dtype: "float64" }), { reduction: "sum" })
      .mul(0.5)
      .backward();

    expectClose(output, z[2] ?? [], 1e-15);
    for (const [k, { weight, bias }] of layers.entries()) {
      expectClose(weight.grad, outer(delta[k] ?? [], a[k] ?? []), 1e-15); // δ[k] a[k-1]ᵀ
      expectClose(bias?.grad ?? null, delta[k] ?? [], 1e-15);
    }
  });

  it("has gradients of the shapes of its variables, for one example or many", () => {
    const model: Module = new Sequential(new Linear(2, 3), new Sigmoid(), new Linear(3, 2));
    for (const shape of [[2], [1, 2], [7, 2], [4, 5, 2]]) {
      model.zeroGrad();
      const input = tensor(new Float32Array(shape.reduce((n, extent) => n * extent)), { shape });
      model.forward(input).square().sum().backward();
      const shapes = [...model.parameters()].map((p) => [p.shape, p.grad?.shape]);
      for (const [variable, gradient] of shapes) expect(gradient).toEqual(variable);
    }
  });
});

describe("upstream gradient × local gradient = downstream gradient", () => {
  it("at each of the gates of 1 / (1 + e^-z), cut apart, z = 1", () => {
    const e = Math.exp(-1);
    const gates: [gate: (x: Tensor) => Tensor, value: number, local: number][] = [
      [neg, -1, -1],
      [exp, e, e],
      [(x) => add(x, 1), 1 + e, 1],
      [reciprocal, 1 / (1 + e), -1 / (1 + e) ** 2],
    ];
    const inputs: Tensor[] = [];
    const outputs: Tensor[] = [];
    for (const [gate, value] of gates) {
      // detach(): every gate is a graph of its own.
      const input = (outputs.at(-1) ?? tensor(1, { dtype: "float64" })).detach();
      input.requiresGrad = true;
      inputs.push(input);
      const output = gate(input);
      expectClose(output, value, 1e-15);
      outputs.push(output);
    }
    let upstream: Tensor = tensor(1, { dtype: "float64" });
    const passed: string[] = [];
    for (const i of [3, 2, 1, 0]) {
      outputs[i]?.backward({ gradient: upstream });
      const downstream = inputs[i]?.grad as Tensor;
      expectClose(downstream, upstream.itemSync() * (gates[i]?.[2] ?? 0), 1e-15);
      upstream = downstream;
      passed.push(upstream.itemSync().toFixed(2));
    }
    // The numbers above the wires; the last one is σ'(1) = 0.73 · 0.27.
    expect(passed).toEqual(["-0.53", "-0.53", "-0.20", "0.20"]);
  });

  it("at a product the local gradient is the other factor, at a sum it is 1", () => {
    const upstream = tensor(3);
    const gate = (f: (x: Tensor, y: Tensor) => Tensor): (number | undefined)[] => {
      const [x, y] = [tensor(-2, { requiresGrad: true }), tensor(5, { requiresGrad: true })];
      f(x, y).backward({ gradient: upstream });
      return [x.grad?.itemSync(), y.grad?.itemSync()];
    };
    expect(gate(mul)).toEqual([15, -6]);
    expect(gate(add)).toEqual([3, 3]);
  });
});

describe("the Jacobian of an elementwise operation", () => {
  it("is diagonal: row i is f'(xᵢ) in place i", () => {
    const points = [-1, 0, 0.5, 2];
    for (const i of points.keys()) {
      const x = tensor(points, { dtype: "float64", requiresGrad: true });
      const row = tensor(
        points.map((_, j) => Number(i === j)),
        { dtype: "float64" },
      );
      x.tanh().backward({ gradient: row });
      const wanted = points.map((p, j) => (i === j ? 1 - Math.tanh(p) ** 2 : 0));
      expectClose(x.grad, wanted, 1e-15);
    }
  });

  describe("is never formed", () => {
    afterEach(() => {
      trackMemory(false);
    });

    // 4096² floats are 64 MB, 10⁶ squared are 4 TB. Within one task nothing is taken off the count:
    // it holds all that was ever allocated.
    it.each([4096, 1_000_000])(
      "of %d numbers: all memory is less than eight vectors of them",
      (n) => {
        setBackend(js());
        trackMemory(true);
        const x = tensor(new Float32Array(n).fill(0.5), { requiresGrad: true });
        x.relu().sigmoid().sum().backward();
        expect(x.grad?.shape).toEqual([n]);
        expect(x.grad?.at(n - 1).itemSync()).toBeCloseTo(0.235, 3);
        expect(memory().bytes).toBeGreaterThanOrEqual(3 * 4 * n);
        expect(memory().bytes).toBeLessThan(8 * 4 * n);
      },
    );
  });
});

describe("s = uᵀ f(Wx + b)", () => {
  const [W, b, u, x] = [
    [
      [0.5, -1],
      [2, 0.3],
    ],
    [0.1, -0.4],
    [1.5, -2],
    [0.7, 0.2],
  ];

  it("∂s/∂b = u ⊙ f'(z) is the first factor of ∂s/∂W = ∂s/∂b xᵀ: one walk down to z for both", () => {
    let walks = 0;
    const f = customGrad({
      forward(z: Tensor) {
        const a = z.tanh();
        Object.assign(this, { a });
        return a;
      },
      backward(da: Tensor) {
        walks += 1;
        const { a } = this as unknown as { a: Tensor };
        return [da.mul(a.square().neg().add(1))];
      },
    });
    const vector = (values: number[] | Matrix): Tensor => tensor(values, { dtype: "float64" });
    const s = (W: Tensor, b: Tensor): Tensor =>
      f(W.matmul(vector(x)).add(b))
        .mul(vector(u))
        .sum();

    const z = times(W, x).map((each, i) => each + (b[i] ?? 0));
    const delta = z.map((each, i) => (u[i] ?? 0) * (1 - Math.tanh(each) ** 2));
    const [dW, db] = grad(s, { argnums: [0, 1] })(vector(W), vector(b)) as [Tensor, Tensor];
    expectClose(db, delta, 1e-15);
    expectClose(dW, outer(delta, x), 1e-15);
    expect(walks).toBe(1);

    grad(s, { argnums: 0 })(vector(W), vector(b));
    grad(s, { argnums: 1 })(vector(W), vector(b));
    expect(walks).toBe(1 + 2); // separately, the work is repeated
  });
});
