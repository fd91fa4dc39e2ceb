// What a web page gets by importing chainrule.

import { Linear, manualSeed, mse, Sequential, SGD, Sigmoid, tensor } from "chainrule";
import { expect, test } from "vitest";

test("these tests run in a page", () => {
  expect(globalThis).toHaveProperty("document.body");
  expect(globalThis).not.toHaveProperty("process.versions.node");
});

test("a page that imports chainrule learns XNOR", async () => {
  manualSeed(0);
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const y = tensor([[1], [0], [0], [1]]);
  const model = new Sequential(new Linear(2, 4), new Sigmoid(), new Linear(4, 1), new Sigmoid());
  const optimizer = new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step < 2000; step++) {
    optimizer.zeroGrad();
    const loss = mse(model.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(await loss.item());
  }
  // Guessing 1/2 has a loss of 1/4.
  expect(losses[0]).toBeGreaterThan(0.2);
  expect(losses.at(-1)).toBeLessThan(0.01);
  const predictions = (await model.forward(x).data()).map(Math.round);
  expect([...predictions]).toEqual([1, 0, 0, 1]);
});
