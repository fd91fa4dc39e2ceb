// Gradients that flow through a compiled function.

import { beforeEach, describe, expect, it } from "vitest";
import { compile } from "../compile.js";
import {
  assign,
  grad,
  manualSeed,
  noGrad,
  rand,
  setBackend,
  type Tensor,
  tensor,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { quiet } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("gradients through a compiled function", () => {
  it("flow to arguments, computed or not, and to what is captured", () => {
    const run = (wrap: (fn: (h: Tensor) => Tensor) => (h: Tensor) => Tensor): number[] => {
      const w = tensor([2, 3], { requiresGrad: true });
      const x = tensor([1, -1], { requiresGrad: true });
      const fn = wrap((h) => h.mul(w).exp().sum());
      for (let i = 0; i < 2; i++) fn(x.mul(2)).mul(3).backward();
      return [w, x].flatMap(({ grad }) => [...(grad as Tensor).dataSync()]);
    };
    const expected = run((fn) => fn);
    const got = run((fn) => compile(fn, quiet));
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 3);
  });

  it("flow from several results, of which some are not used", () => {
    const fn = compile((x: Tensor) => ({ a: x.square(), b: x.pow(3), c: x.detach() }));
    const x = tensor([2], { requiresGrad: true });
    const { a, b, c } = fn(x);
    expect(c.requiresGrad).toBe(false);
    a.add(b).sum().backward();
    expect(x.grad?.itemSync()).toBe(16);
    x.grad = null;
    fn(x).b.sum().backward();
    expect((x.grad as Tensor | null)?.itemSync()).toBe(12);
  });

  it("flow to a part of an array", () => {
    const fn = compile((x: Tensor) => x.square().sum());
    const all = tensor([1, 2, 3, 4], { requiresGrad: true });
    fn(all.at("2:4")).backward();
    expect(all.grad?.arraySync()).toEqual([0, 0, 6, 8]);
  });

  it("are what grad gives", () => {
    const cube = compile((x: Tensor) => x.pow(3).sum());
    expect(grad(cube)(tensor([2])).arraySync()).toEqual([12]);
    expect(grad(cube)(tensor([3])).arraySync()).toEqual([27]);
  });

  it("reach leaves that are used through views only", () => {
    const w = tensor([[1, 2]], { requiresGrad: true });
    const fn = compile((x: Tensor) => x.mul(w.T).sum(), quiet);
    fn(tensor([3])).backward();
    expect(w.grad?.arraySync()).toEqual([[3, 3]]);
  });

  it("leave leaves alone that a result does not depend on", () => {
    const [v, w] = [1, 2].map((n) => tensor([n], { requiresGrad: true })) as [Tensor, Tensor];
    const fn = compile(() => ({ a: v.mul(2), b: w.mul(3) }), quiet);
    fn().a.sum().backward();
    expect([v.grad?.itemSync(), w.grad]).toEqual([2, null]);
  });

  it("end where the function has called backward itself", () => {
    const w = tensor([2], { requiresGrad: true });
    const fn = compile(() => {
      const loss = w.square().sum();
      loss.backward();
      return loss.mul(100);
    }, quiet);
    expect([fn().itemSync(), fn().requiresGrad]).toEqual([400, false]);
  });

  it("that were there before can be returned and moved", () => {
    const [v, w] = [2, 3].map((n) => tensor([n], { requiresGrad: true })) as [Tensor, Tensor];
    const fn = compile(() => {
      const before = w.grad;
      v.grad = before;
      w.square().sum().backward();
      return before;
    }, quiet);
    for (const expected of [null, 6, 12, 18]) {
      expect(fn()?.itemSync() ?? null).toBe(expected);
      expect(v.grad?.itemSync() ?? null).toBe(expected);
    }
    expect(w.grad?.itemSync()).toBe(24);
  });

  it("end where the function writes to what they would need", () => {
    const w = tensor([2], { requiresGrad: true });
    const fn = compile(() => {
      const loss = w.square().sum();
      noGrad(() => assign(w, w.add(1)));
      return loss;
    }, quiet);
    expect([fn().itemSync(), fn().itemSync(), fn().requiresGrad]).toEqual([4, 9, false]);
  });

  it("of leaves made inside stay inside", () => {
    let runs = 0;
    const fn = compile((x: Tensor) => {
      runs += 1;
      const own = x.detach();
      own.requiresGrad = true;
      own.square().sum().backward();
      return own.grad;
    });
    expect([1, 2, 3].map((n) => fn(tensor([n]))?.itemSync())).toEqual([2, 4, 6]);
    expect(runs).toBe(1);
  });

  it("use the elements of the call, random ones too", () => {
    manualSeed(1);
    const fn = compile((x: Tensor) => x.mul(rand([4])).sum());
    const x = tensor([1, 1, 1, 1], { requiresGrad: true });
    const losses = [fn(x), fn(x)];
    for (const loss of losses) {
      x.grad = null;
      loss.backward();
      const sum = (x.grad as Tensor | null)?.sum().itemSync();
      expect(sum).toBeCloseTo(loss.itemSync(), 6);
    }
  });

  it("refuse once what they need was overwritten, as without compile", () => {
    const w = tensor([2], { requiresGrad: true });
    const fn = compile((x: Tensor) => x.mul(w).sum());
    const loss = fn(tensor([1], { requiresGrad: true }));
    assign(w, tensor([3]));
    expect(() => loss.backward()).toThrow(
      "[backward] what a compiled function read must be unchanged: expected its arguments and parameters as they were in the call, got one overwritten by assign since. Call backward() before the next update.",
    );
  });

  it("refuse once an argument was disposed, as without compile, and have results of their own", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const fn = compile((x: Tensor) => {
      const h = x.mul(w);
      return { h, loss: h.square().sum() };
    }, quiet);
    const x = tensor([3, 4]);
    const first = fn(x);
    x.dispose();
    expect(() => first.loss.backward()).toThrow("disposed");
    const second = fn(tensor([3, 4]));
    second.h.dispose();
    second.loss.backward();
    expect(w.grad?.arraySync()).toEqual([18, 64]);
  });

  it("can be taken once", () => {
    const cube = compile((x: Tensor) => x.pow(3).sum());
    expect(() => grad(grad(cube))(tensor(2))).toThrow(
      "[compile] through a compiled function one derivative can be taken",
    );
  });
});
