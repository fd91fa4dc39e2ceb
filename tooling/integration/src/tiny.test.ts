// Everything once, on one page: if this file reads well, the library does.

import { call } from "@chainrule/kernel";
import {
  Adam,
  circles,
  crossEntropy,
  DataLoader,
  grad,
  gradCheck,
  interpreter,
  js,
  kaimingUniform,
  Linear,
  Module,
  manualSeed,
  mse,
  noGrad,
  ReLU,
  rand,
  randn,
  Sequential,
  SGD,
  setBackend,
  standardize,
  summary,
  type Tensor,
  TensorDataset,
  tensor,
  type UnaryFloatOp,
  unary,
  valueAndGrad,
  withBackend,
} from "chainrule";
import { beforeEach, expect, test } from "vitest";

beforeEach(() => {
  setBackend(js());
  manualSeed(1);
});

test("a tensor is made and read back", async () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect([x.shape, x.dtype, x.backend.name]).toEqual([[2, 2], "float32", "js"]);
  expect(await x.array()).toEqual(x.arraySync());
  expect(await x.sum().item()).toBe(10);
});

test("operations broadcast, index and multiply", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(
    x
      .add(tensor([10, 20]))
      .at(":", 0)
      .arraySync(),
  ).toEqual([11, 13]);
  expect(x.matmul(x.T).arraySync()).toEqual([
    [5, 11],
    [11, 25],
  ]);
});

test("gradients, and gradients of gradients", async () => {
  const cube = (x: Tensor): Tensor => x.pow(3);
  expect(grad(grad(cube))(tensor(2)).itemSync()).toBe(6 * 2);
  const [value, slope] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([3]));
  expect([value.itemSync(), slope.arraySync()]).toEqual([9, [6]]);
  expect(await gradCheck(cube, [tensor([0.5, -1], { dtype: "float64" })])).toBe(true);
});

test("an operation of one's own is a formula and its derivative", () => {
  const cube: UnaryFloatOp = unary({
    name: "cube",
    expr: (x) => call("mul", x, call("mul", x, x)),
    saves: "inputs",
    vjp: (upstream, { x }) => upstream.mul(x.square()).mul(3),
  });
  const x = tensor([2], { requiresGrad: true });
  const y = cube(x);
  y.backward();
  expect([y.arraySync(), x.grad?.arraySync()]).toEqual([[8], [12]]);
});

test("a module, a loss and an optimizer take a step", () => {
  class Line extends Module {
    readonly inner: Linear = new Linear(1, 1, { bias: false, weightInit: tensor([[0]]) });
    forward(x: Tensor): Tensor {
      return this.inner.forward(x);
    }
  }
  const model = new Line();
  const loss = mse(model.forward(tensor([[1], [2]])), tensor([[2], [4]]));
  loss.backward();
  // d/dw ((w - 2)² + (2w - 4)²) / 2 at 0
  expect([loss.itemSync(), model.inner.weight.grad?.itemSync()]).toEqual([10, -10]);
  new SGD(model.parameters(), { lr: 0.1 }).step();
  expect(model.inner.weight.itemSync()).toBe(1);
});

test("a network learns from a loader's batches", () => {
  const { x, y } = circles({ samples: 60, noise: 0, seed: 2 });
  const points = standardize(x, { perFeature: true }).apply(x);
  const loader = new DataLoader(new TensorDataset(points, y), { batchSize: 20, shuffle: true });
  const model = new Sequential(new Linear(2, 16), new ReLU(), new Linear(16, 2));
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  for (let epoch = 0; epoch < 40; epoch++) {
    for (const [inputs, labels] of loader) {
      optimizer.zeroGrad();
      crossEntropy(model.forward(inputs), labels).backward();
      optimizer.step();
    }
  }
  const right = noGrad(() => model.forward(points).argmax(1).equal(y));
  expect(right.all().itemSync()).toBe(true);
  expect(summary(model, [1, 2]).rows.map((row) => row.parameters)).toEqual([48, 0, 34]);
});

test("a seed gives the same numbers again, and on every backend", () => {
  const draw = (): unknown => {
    manualSeed(7);
    return [rand([2]), randn([2]), kaimingUniform([2, 2])].map((x) => x.arraySync());
  };
  const here = draw();
  expect(draw()).toEqual(here);
  expect(withBackend(interpreter(), draw)).toEqual(here);
});

test("a state moves to a model on another backend", async () => {
  const model = new Linear(3, 2);
  const x = tensor([[1, 2, 3]]);
  const other = interpreter();
  const copy = withBackend(other, () => new Linear(3, 2));
  const moved = Object.entries(model.stateDict()).map(
    async ([name, value]) => [name, await value.to(other)] as const,
  );
  copy.loadStateDict(Object.fromEntries(await Promise.all(moved)));
  const there = copy.forward(await x.to(other));
  expect(there.backend).toBe(other);
  const difference = (await there.detach().to(model.weight.backend))
    .sub(model.forward(x))
    .abs()
    .max();
  expect(difference.itemSync()).toBeLessThan(1e-6);
});
