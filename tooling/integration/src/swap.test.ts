// Changing the backend in the middle of training: nothing changes but where it is computed.

import {
  Adam,
  BatchNorm1d,
  crossEntropy,
  interpreter,
  js,
  Linear,
  manualSeed,
  moveTensors,
  ReLU,
  Sequential,
  SGD,
  setBackend,
  type Tensor,
  tensor,
} from "chainrule";
import { describe, expect, it } from "vitest";

const images = Array.from({ length: 12 }, (_, i) =>
  Array.from({ length: 4 }, (_, j) => Math.sin(3 * i + j)),
);
const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);

function network() {
  setBackend(js());
  manualSeed(1);
  return new Sequential(new Linear(4, 6), new BatchNorm1d(6), new ReLU(), new Linear(6, 3));
}

type Network = ReturnType<typeof network>;
type AnyOptimizer = { zeroGrad(): void; step(): void };

function losses(model: Network, optimizer: AnyOptimizer, steps: number): number[] {
  const [{ backend }] = [...model.parameters()] as [Tensor];
  return Array.from({ length: steps }, () => {
    optimizer.zeroGrad();
    const loss = crossEntropy(
      model.forward(tensor(images, { backend })),
      tensor(labels, { backend }),
    );
    loss.backward();
    optimizer.step();
    return Number(loss.itemSync());
  });
}

describe("await model.to(backend)", () => {
  it.each([
    ["Adam", (model: Network) => new Adam(model.parameters(), { lr: 0.05 })],
    ["SGD", (model: Network) => new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })],
  ] as const)("in the middle of training goes on with the same curve, %s", async (_, make) => {
    const stays = network();
    const expected = losses(stays, make(stays), 9);

    const moves = network();
    const optimizer = make(moves);
    const curve = losses(moves, optimizer, 3);
    await moves.to(interpreter());
    curve.push(...losses(moves, optimizer, 3));
    await moves.to(js());
    curve.push(...losses(moves, optimizer, 3));

    // Sums in another order differ in the last digits.
    for (const [i, loss] of curve.entries()) expect(loss).toBeCloseTo(expected[i] ?? Number.NaN, 5);
  });

  it("keeps the tensors, their views and the gradients", async () => {
    const model = network();
    const [weight] = [...model.parameters()] as [Tensor];
    losses(model, new SGD(model.parameters(), { lr: 0.1 }), 1);
    const before = [weight.arraySync(), weight.grad?.arraySync()];
    const column = weight.at(":", 0);
    const target = interpreter();
    await model.to(target);
    expect([...model.parameters()][0]).toBe(weight);
    expect([weight, weight.grad, column].map((x) => x?.backend)).toEqual([target, target, target]);
    expect([weight.arraySync(), weight.grad?.arraySync()]).toEqual(before);
    expect(column.shape).toEqual([6]);
  });

  it("moves everything or nothing", async () => {
    setBackend(js());
    const x = tensor([1, 2]);
    const y = tensor([1, 2], { dtype: "float64" });
    const single = interpreter();
    const target = {
      ...single,
      capabilities: { ...single.capabilities, dtypes: ["float32"] as const },
    };
    await expect(moveTensors([x, y], target)).rejects.toThrow("[to] the backend must support");
    expect(x.backend.name).toBe("js");
  });

  it("makes a graph that saved the elements refuse", async () => {
    setBackend(js());
    const x = tensor([3], { requiresGrad: true });
    const y = x.square().sum();
    await moveTensors([x], interpreter());
    expect(() => y.backward()).toThrow("saved tensors must be unchanged");
  });

  it("names both backends when tensors meet that are apart", async () => {
    setBackend(js());
    const x = tensor([1]);
    const y = tensor([1]);
    await moveTensors([y], interpreter());
    expect(() => x.add(y)).toThrow(/js.*interpreter/);
  });
});
