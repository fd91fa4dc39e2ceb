// What compiled functions take, give and do.

import { beforeEach, describe, expect, it } from "vitest";
import { compile } from "../compile.js";
import {
  assign,
  bernoulli,
  full,
  grad,
  manualSeed,
  rand,
  randint,
  randn,
  setBackend,
  type Tensor,
  tensor,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { batch, expectClose, quiet, regression } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("a compiled function", () => {
  it("gives what the function gives, for other elements of the same shapes too", () => {
    let runs = 0;
    const fn = compile((a: Tensor, b: Tensor) => {
      runs += 1;
      return a.mul(b).sum(-1).add(1);
    });
    expect(fn(tensor([[1, 2]]), tensor([3, 4])).arraySync()).toEqual([12]);
    expect(fn(tensor([[5, 6]]), tensor([7, 8])).arraySync()).toEqual([84]);
    expect(runs).toBe(1);
  });

  it("trains as the function does, step for step", () => {
    const [eager, compiled] = [regression(), regression()];
    const step = compile(compiled.step, quiet);
    for (let i = 0; i < 5; i++) {
      const expected = eager.step(...batch(i)).itemSync();
      expect(step(...batch(i)).itemSync()).toBeCloseTo(expected, 6);
    }
    expectClose(compiled.w, eager.w);
    expectClose(compiled.w.grad as Tensor, eager.w.grad as Tensor);
  });

  it("follows a learning rate without being recorded again", () => {
    const [eager, compiled] = [regression(), regression()];
    let runs = 0;
    const step = compile((x: Tensor, y: Tensor) => {
      runs += 1;
      return compiled.step(x, y);
    }, quiet);
    for (let i = 0; i < 4; i++) {
      for (const { lr } of [eager, compiled]) assign(lr, full([], 0.1 / (i + 1)));
      eager.step(...batch(i));
      step(...batch(i));
    }
    expectClose(compiled.w, eager.w);
    expect(runs).toBe(1);
  });

  it("returns one tensor in two places as one", () => {
    const [a, { b }] = compile((x: Tensor) => {
      const y = x.mul(2);
      return [y, { b: y }] as const;
    })(tensor([1]));
    expect(a).toBe(b);
  });

  it("returns structures of tensors, arguments, captured tensors and constants", () => {
    const captured = tensor([1, 2, 3]);
    const fn = compile(
      (x: Tensor) => ({ sum: x.add(captured), parts: [x, captured.at(1)], name: "n", empty: null }),
      quiet,
    );
    const x = tensor([1, 1, 1]);
    fn(x);
    const result = fn(x);
    expect(result.sum.arraySync()).toEqual([2, 3, 4]);
    expect(result.parts[0]).toBe(x);
    expect(result.parts[1]?.arraySync()).toEqual(2);
    expect(result.name).toBe("n");
    expect(result.empty).toBe(null);
  });

  it("gives results of each call that later calls leave alone", () => {
    const fn = compile((x: Tensor) => x.mul(2));
    const results = [1, 2, 3].map((n) => fn(tensor([n])));
    expect(results.map((x) => x.itemSync())).toEqual([2, 4, 6]);
  });

  it("takes structures of tensors", () => {
    const fn = compile(({ x, ys }: { x: Tensor; ys: Tensor[] }) =>
      ys.reduce((sum, y) => sum.add(y), x),
    );
    const one = tensor([1]);
    expect(fn({ x: one, ys: [one, one] }).itemSync()).toBe(3);
    expect(fn({ x: one, ys: [one] }).itemSync()).toBe(2);
  });

  it("looks into structures at each call, as they may have changed", () => {
    const double = compile((p: { x: Tensor }) => p.x.mul(2));
    const p = { x: tensor([1]) };
    expect(double(p).itemSync()).toBe(2);
    p.x = tensor([10]);
    expect(double(p).itemSync()).toBe(20);
    const scale = compile((x: Tensor[], k: number) => x[0]?.mul(k));
    const list = [tensor([1])];
    expect(scale(list, 3)?.arraySync()).toEqual([3]);
    list[0] = tensor([1, 2]);
    expect(scale(list, 3)?.arraySync()).toEqual([3, 6]);
  });

  it("reads views of a larger array, wherever they start", () => {
    let runs = 0;
    const fn = compile((x: Tensor) => {
      runs += 1;
      return x.sum(1);
    });
    const all = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    expect(fn(all.at("0:2")).arraySync()).toEqual([3, 7]);
    expect(fn(all.at("2:4")).arraySync()).toEqual([11, 15]);
    expect(runs).toBe(1);
    expect(fn(all.flip(0).at("0:2")).arraySync()).toEqual([15, 11]);
    expect(runs).toBe(2);
  });

  it("returns views of arguments that start anywhere", () => {
    const fn = compile((x: Tensor) => [x.at(0), x.flip()]);
    const [first, flipped] = fn(tensor([1, 2, 3, 4]).at("2:4")) as [Tensor, Tensor];
    expect([first.itemSync(), flipped.arraySync()]).toEqual([3, [4, 3]]);
  });

  it("tells one tensor given twice from two", () => {
    const fn = compile((a: Tensor, b: Tensor) => a.sub(b));
    const x = tensor([5]);
    expect(fn(x, x).itemSync()).toBe(0);
    expect(fn(x, tensor([3])).itemSync()).toBe(2);
  });

  it("draws new random numbers in each call, the same as the function", () => {
    const draw = (): Tensor[] => [
      rand([3]),
      randn([2]),
      randint(0, 100, [4]),
      bernoulli(0.5, [5]).astype("float32"),
    ];
    const compiled = compile(draw);
    manualSeed(7);
    const expected = [draw(), draw()].flat().map((x) => [...x.dataSync()]);
    manualSeed(7);
    const got = [compiled(), compiled()].flat().map((x) => [...x.dataSync()]);
    expect(got).toEqual(expected);
  });

  it("runs inside another one", () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => inner(x).add(inner(x)));
    expect(outer(tensor([1])).itemSync()).toBe(4);
    expect(outer(tensor([2])).itemSync()).toBe(8);
  });

  it("takes first and second derivatives inside", () => {
    const second = compile((x: Tensor) => grad(grad((y: Tensor) => y.pow(3).sum()))(x));
    expect(second(tensor([2])).arraySync()).toEqual([12]);
    expect(second(tensor([3])).arraySync()).toEqual([18]);
  });
});
