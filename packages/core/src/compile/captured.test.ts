// Tensors that a compiled function reaches without being given them.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { compile } from "../compile.js";
import { assign, noGrad, setBackend, type Tensor, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";
import { quiet } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("what is captured", () => {
  it("is written where it is: versions count, and who shared the buffer keeps the old elements", () => {
    const count = tensor([1]);
    const fn = compile(() => {
      assign(count, count.add(1));
    }, quiet);
    const before = tensor([7]);
    assign(count, before);
    fn();
    fn();
    expect([count.itemSync(), before.itemSync(), count.version]).toEqual([9, 7, 3]);
  });

  it("is shared by two functions", () => {
    const count = tensor([0]);
    const up = compile(() => {
      assign(count, count.add(1));
    }, quiet);
    const double = compile(() => {
      assign(count, count.mul(2));
    }, quiet);
    up();
    double();
    up();
    double();
    expect(count.itemSync()).toBe(6);
  });

  it("may swap", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    const swap = compile(() => {
      const old = a.copy();
      assign(a, b);
      assign(b, old);
    }, quiet);
    swap();
    expect([a.itemSync(), b.itemSync()]).toEqual([2, 1]);
    swap();
    expect([a.itemSync(), b.itemSync()]).toEqual([1, 2]);
  });

  it("must not be an argument too, nor two arguments one, where it is written", () => {
    const w = tensor([1]);
    const raise = (x: Tensor): void => noGrad(() => void assign(x, x.add(1)));
    const text = "[compile] what a compiled function writes must have one name";
    const captured = compile((x: Tensor) => {
      raise(w);
      return x.mul(10);
    }, quiet);
    expect(captured(tensor([5])).itemSync()).toBe(50);
    expect(() => captured(w)).toThrow(text);
    const argument = compile((x: Tensor, y: Tensor) => {
      raise(x);
      return y.mul(10);
    });
    expect(argument(w, tensor([5])).itemSync()).toBe(50);
    expect(() => argument(w, w)).toThrow(text);
    expect(w.itemSync()).toBe(3);
  });

  it("must not be an argument too, nor two arguments one, where both get a gradient", () => {
    const [w, v] = [2, 3].map((n) => tensor([n], { requiresGrad: true })) as [Tensor, Tensor];
    const text = "[compile] what a compiled function writes must have one name";
    const captured = compile((x: Tensor) => x.mul(3).add(w.mul(5)).sum().backward(), quiet);
    captured(v);
    expect([w.grad?.itemSync(), v.grad?.itemSync()]).toEqual([5, 3]);
    expect(() => captured(w)).toThrow(text);
    const two = compile((x: Tensor, y: Tensor) => x.mul(3).add(y.mul(5)).sum().backward());
    expect(() => two(w, w)).toThrow(text);
  });

  it("is returned as the tensor it is", () => {
    const w = tensor([1], { requiresGrad: true });
    const fn = compile(() => ({ w, view: w.T.detach() }), quiet);
    expect([fn().w, fn().w]).toEqual([w, w]);
    expect(fn().w).toBe(w);
  });

  it("can be assigned to as a whole only", () => {
    const fn = compile((x: Tensor) => void assign(x, x.add(10)), quiet);
    const part = tensor([1, 2, 3]).at("1:");
    expect(() => fn(part)).toThrow("the target must be a whole storage");
    fn(tensor([1, 2]));
    expect(() => fn(part)).toThrow("the target must be a whole storage");
  });

  it("warns with its line when it is neither argument nor state", () => {
    const warn = vi.fn();
    const scale = tensor([2]);
    const fn = compile((x: Tensor) => x.mul(scale), { name: "scaled", warn });
    fn(tensor([1]));
    fn(tensor([1]));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /^\[compile\] scaled uses a tensor that is no argument.*float32\[1\]/,
    );
  });

  it("is refused once it is disposed", () => {
    const scale = tensor([2]);
    const fn = compile((x: Tensor) => x.mul(scale), quiet);
    fn(tensor([1]));
    scale.dispose();
    expect(() => fn(tensor([1]))).toThrow(
      "[compile] tensors that a compiled function uses must be alive",
    );
  });
});
