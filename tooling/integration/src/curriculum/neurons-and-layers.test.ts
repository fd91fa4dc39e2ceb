// Curriculum §1. What else it says is tested where README.md says.

import {
  bceWithLogits,
  Generator,
  grad,
  Linear,
  Sequential,
  Sigmoid,
  standardNormal,
  summary,
  type Tensor,
  tensor,
  xor,
  zeros,
} from "chainrule";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../packages/nn/src/testing.js";

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

describe("a neuron a = f(w·x + b)", () => {
  const [w1, w2, b] = [2, -1, 0.5];
  const points = [-1, 0, 0.25, 3].flatMap((x1) => [-2, 1].map((x2) => [x1, x2]));
  const sums = points.map(([x1 = 0, x2 = 0]) => w1 * x1 + w2 * x2 + b);
  const z = (): Tensor =>
    tensor(points)
      .matmul(tensor([w1, w2]))
      .add(b);

  it("is a perceptron, a logistic neuron or a ReLU unit by its f", () => {
    expect(z().step().arraySync()).toEqual(sums.map((sum) => Number(sum >= 0)));
    expectClose(z().sigmoid(), sums.map(sigmoid));
    expect(z().relu().arraySync()).toEqual(sums.map((sum) => Math.max(sum, 0)));
  });
});

describe("a layer a[k] = f(W[k] a[k-1] + b[k])", () => {
  it("computes it, with W[k] of shape m_k × m_{k-1}", () => {
    const [W1, b1] = [
      [
        [1, -2, 0.5],
        [0, 3, -1],
      ],
      [0.1, -0.2],
    ];
    const [W2, b2] = [[[2, -1]], [0.3]];
    const layer = (W: number[][], a: number[], b: number[]): number[] =>
      W.map((row, i) => sigmoid(row.reduce((sum, w, j) => sum + w * (a[j] ?? 0), b[i] ?? 0)));
    const linear = (W: number[][], b: number[]): Linear =>
      new Linear(W[0]?.length ?? 0, W.length, {
        weightInit: tensor(W),
        biasInit: tensor(b),
      });

    const model = new Sequential(linear(W1, b1), new Sigmoid(), linear(W2, b2), new Sigmoid());
    const x = [0.5, -1, 2];
    expect([model.at(0).weight.shape, model.at(2).weight.shape]).toEqual([
      [2, 3],
      [1, 2],
    ]);
    expectClose(model.forward(tensor(x)), layer(W2, layer(W1, x, b1), b2));
  });

  it.each([
    [[10, 10, 5, 1], 16, [110, 55, 6], 171],
    [[2, 2, 1], 3, [6, 3], 9],
    [[784, 128, 64, 10], 202, [100_480, 8256, 650], 109_386],
  ])("network %j: %d neurons, %j parameters by layer", (sizes, neurons, byLayer, total) => {
    const layers = sizes.slice(1).map((size, k) => new Linear(sizes[k] ?? 0, size));
    const { rows, ...counted } = summary(new Sequential(...layers));
    expect(layers.reduce((sum, { outFeatures }) => sum + outFeatures, 0)).toBe(neurons);
    expect(rows.map(({ parameters }) => parameters)).toEqual(byLayer);
    expect(counted.total).toBe(total);
  });
});

describe("XOR and a single neuron", () => {
  const { x, y } = xor();

  it("whatever its weights, z(00) + z(11) = z(01) + z(10), so three rows are right at most", () => {
    const generator = new Generator(0);
    for (let trial = 0; trial < 100; trial++) {
      const z = new Linear(2, 1, { generator }).forward(x);
      const [z00 = 0, z01 = 0, z10 = 0, z11 = 0] = z.dataSync();
      expect(z00 + z11).toBeCloseTo(z01 + z10, 5);
      expect(z.step().equal(y).sum().itemSync()).toBeLessThanOrEqual(3);
    }
  });

  it("training has nowhere to go from ½ everywhere, where the convex loss is lowest: ln 2", () => {
    const loss = (w: Tensor, b: Tensor): Tensor => bceWithLogits(x.matmul(w).add(b), y);
    const start = [zeros([2, 1]), zeros([1])] as const;
    expect(loss(...start).itemSync()).toBeCloseTo(Math.log(2), 6);
    const slopes = grad(loss, { argnums: [0, 1] })(...start);
    expect(slopes.map((slope) => slope.arraySync())).toEqual([[[0], [0]], [0]]);
  });
});

describe("layers without an activation", () => {
  it("are one: W = W3 W2 W1, b = W3 (W2 b1 + b2) + b3", () => {
    const options = { generator: new Generator(1), dtype: "float64" } as const;
    const layers = [
      new Linear(4, 6, options),
      new Linear(6, 5, options),
      new Linear(5, 2, options),
    ] as const;
    const [[W1, b1], [W2, b2], [W3, b3]] = layers.map(({ weight, bias }) => [
      weight.detach(),
      (bias as Tensor).detach(),
    ]) as [[Tensor, Tensor], [Tensor, Tensor], [Tensor, Tensor]];
    const one = new Linear(4, 2, {
      dtype: "float64",
      weightInit: W3.matmul(W2).matmul(W1),
      biasInit: W3.matmul(W2.matmul(b1).add(b2)).add(b3),
    });
    const x = tensor(standardNormal(new Generator(2), 12), { shape: [3, 4] });
    const difference = new Sequential(...layers).forward(x).sub(one.forward(x));
    expect(difference.abs().max().itemSync()).toBeLessThan(1e-15 * 8);
  });
});

describe("more layers need fewer units", () => {
  // Up to 1 in the middle of [0, 1] and down again, from two ReLU units.
  const tent = (x: Tensor): Tensor => x.relu().mul(2).sub(x.sub(0.5).relu().mul(4));

  it.each([1, 2, 3, 6])("%d tents one in the other make a saw of 2ᵏ edges from 2k units", (k) => {
    const edges = 2 ** k;
    const corners = Array.from({ length: edges + 1 }, (_, i) => i / edges);
    let deep: Tensor = tensor(corners);
    for (let layer = 0; layer < k; layer++) deep = tent(deep);
    expect(deep.arraySync()).toEqual(corners.map((_, i) => i % 2));

    // One hidden layer bends once per unit, so it takes a unit for each edge.
    const x = tensor(corners).expandDims(1);
    const units = x.sub(tensor(corners.slice(0, -1))).relu(); // [corners, edges]
    const slopes = corners.slice(0, -1).map((_, i) => edges * (i === 0 ? 1 : 2 * (-1) ** i));
    expect(units.matmul(tensor(slopes)).arraySync()).toEqual(deep.arraySync());
  });
});
