// Gradients of leaves that a compiled function sets.

import { beforeEach, describe, expect, it } from "vitest";
import { compile } from "../compile.js";
import { setBackend, type Tensor, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("gradients", () => {
  it("accumulate over calls that do not clear them", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const add = compile((x: Tensor) => {
      x.mul(w).sum().backward();
    });
    for (const n of [1, 2, 3]) add(tensor([n, 10 * n]));
    expect(w.grad?.arraySync()).toEqual([6, 60]);
  });

  it("of a call stay what they were when somebody holds them", () => {
    const w = tensor([1], { requiresGrad: true });
    const fn = compile((x: Tensor) => {
      w.grad = null;
      x.mul(w).sum().backward();
    });
    fn(tensor([2]));
    const first = w.grad;
    fn(tensor([3]));
    expect([first?.itemSync(), w.grad?.itemSync()]).toEqual([2, 3]);
  });

  it("are as the function leaves them: none when it clears them", () => {
    const w = tensor([1], { requiresGrad: true });
    const fn = compile((x: Tensor) => {
      x.mul(w).sum().backward();
      w.grad = null;
    });
    fn(tensor([2]));
    fn(tensor([2]));
    expect(w.grad).toBe(null);
  });

  it("of arguments arrive at the arguments", () => {
    const fn = compile((x: Tensor) => {
      x.square().sum().backward();
    });
    const [a, b] = [2, 3].map((n) => tensor([n], { requiresGrad: true })) as [Tensor, Tensor];
    fn(a);
    fn(b);
    fn(b);
    expect([a.grad?.itemSync(), b.grad?.itemSync()]).toEqual([4, 12]);
  });
});
