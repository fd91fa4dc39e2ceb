// What cannot be compiled, each with its error.

import { beforeEach, describe, expect, it } from "vitest";
import { compile } from "../compile.js";
import {
  assign,
  type Backend,
  Generator,
  manualSeed,
  noGrad,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { quiet } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("misuse", () => {
  const x = (): Tensor => tensor([1, 2]);

  it.each<[string, (x: Tensor) => unknown]>([
    ["dataSync", (x) => x.dataSync()],
    ["arraySync", (x) => x.mul(2).arraySync()],
    ["itemSync in a branch", (x) => (x.sum().itemSync() > 0 ? x : x.neg())],
    ["a promise that nobody awaits", (x) => void x.data()],
    ["array()", (x) => void x.array()],
    ["item()", (x) => void x.sum().item()],
  ])("reading inside: %s", (_, fn) => {
    expect(() => compile(fn)(x())).toThrow(
      "[compile] elements cannot be read inside a compiled function: expected operations on tensors only, got data(), array() or item(), or a branch that depends on an element. Return the tensor and read it outside; choose between values with where(condition, a, b).",
    );
  });

  it("an async function", () => {
    expect(() => compile(async (x: Tensor) => x.mul(2))(x())).toThrow(
      "[compile] a compiled function must be synchronous: expected a function that returns its results, got one that returns a promise. Await before or after the call, and compile the synchronous part between.",
    );
    expect(() => compile(async (x: Tensor) => await x.sum().item())(x())).toThrow(
      "a compiled function must be synchronous",
    );
  });

  it("a tensor that leaves the function other than by being returned", () => {
    let kept: Tensor | undefined;
    const fn = compile((x: Tensor) => {
      kept = x.mul(2);
      return kept.add(1);
    });
    fn(x());
    const text =
      "[compile] tensors made inside a compiled function must stay inside: expected results that are returned, got one that was kept in a variable or property. Return it from the function: arrays and objects of tensors are results too.";
    expect(() => kept?.add(1)).toThrow(text);
    expect(() => x().add(kept as Tensor)).toThrow(text);
    expect(() => kept?.dataSync()).toThrow(text);
  });

  it("a backward pass through a graph that was recorded outside", () => {
    const w = tensor([1], { requiresGrad: true });
    const outside = w.mul(2);
    expect(() =>
      compile(() => {
        outside.sum().backward();
      }, quiet)(),
    ).toThrow("[compile] a backward pass must end inside the compiled function");
    expect(() =>
      compile((h: Tensor) => {
        h.sum().backward();
      })(outside),
    ).toThrow("[compile] a backward pass must end inside the compiled function");
  });

  it("two backends", () => {
    const other: Backend = { ...interpreter(), name: "other" };
    const there = tensor([1], { backend: other });
    expect(() => compile((x: Tensor) => x.add(there.mul(2)))(x())).toThrow(
      '[compile] a compiled function runs on one backend: expected tensors on "interpreter"',
    );
    expect(() => compile((x: Tensor) => x.add(withBackend(other, () => zeros([2]))))(x())).toThrow(
      "[compile] a compiled function runs on one backend",
    );
  });

  it("numbers that JavaScript draws, which would be the same in every call", () => {
    const generator = new Generator(1);
    const text = "[compile] effects belong outside of a compiled function";
    expect(() => compile((x: Tensor) => x.add(generator.uniform(1)[0] ?? 0))(x())).toThrow(text);
    expect(() => compile(() => void manualSeed(1))()).toThrow(text);
    expect(() => compile(() => new Generator(2))()).toThrow(text);
  });

  it("arguments that it changes other than by assign", () => {
    const text = "[compile] effects belong outside of a compiled function";
    const change = (fn: (p: { x: Tensor; list: Tensor[] }) => void): (() => void) => {
      const p = { x: x(), list: [x()] };
      return () => compile(fn, quiet)(p);
    };
    expect(change((p) => void p.list.push(p.x.mul(2)))).toThrow(text);
    expect(change((p) => Object.assign(p, { y: 1 }))).toThrow(text);
    expect(change((p) => Object.assign(p, { x: p.x.mul(2) }))).toThrow(text);
    expect(change((p) => Object.assign(p, { list: null }))).toThrow(text);
    expect(change((p) => p.x.dispose())).toThrow("dispose() of argument 0");
    expect(change((p) => Object.assign(p.x, { requiresGrad: true }))).toThrow("requiresGrad");
    expect(change((p) => p.list.toReversed())).not.toThrow();
  });

  it("a captured tensor that it disposes", () => {
    const w = tensor([1]);
    const fn = compile((a: Tensor) => {
      const y = a.mul(w);
      w.dispose();
      return y;
    }, quiet);
    expect(() => fn(x())).toThrow("[compile] effects belong outside");
  });

  it("results that tensors could hide in", () => {
    const text = "[compile] results must be tensors, or arrays and objects of them";
    expect(() => compile((a: Tensor) => new Map([["y", a.mul(2)]]))(x())).toThrow(text);
    expect(() => compile((a: Tensor) => ({ y: () => a.mul(2) }))(x())).toThrow(text);
    const generator = compile(function* (a: Tensor) {
      yield a.mul(2);
    });
    expect(() => generator(x())).toThrow("got a Generator");
    const leaf = compile((a: Tensor) => Object.assign(a.mul(2).detach(), { requiresGrad: true }));
    expect(() => leaf(x())).toThrow("got a new leaf that requires a gradient");
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => compile(() => circle)()).toThrow("must not be nested too deeply");
  });

  it("elements in arrays that are no tensors", () => {
    const fn = compile((a: Float32Array) => tensor(a).mul(2));
    expect(() => fn(Float32Array.of(1))).toThrow("got a Float32Array. Pass tensor(data)");
  });

  it("what fails inside, though the function catches it", () => {
    const fn = compile((a: Tensor) => {
      try {
        return a.mul(Number(a.sum().itemSync()));
      } catch {
        return a;
      }
    });
    expect(() => fn(x())).toThrow("[compile] elements cannot be read");
  });

  it("options that are none", () => {
    for (const options of [null, { name: 3 }, { warn: 3 }, { nam: "step" }])
      expect(() => compile(() => {}, options as never)).toThrow("[compile] options must be");
  });

  it("something else than a function", () => {
    expect(() => compile(x() as never)).toThrow("[compile] what is compiled must be a function");
  });

  it("leaves everything as it was", () => {
    const w = tensor([1], { requiresGrad: true });
    const gradient = tensor([5]);
    w.grad = gradient;
    const fn = compile((x: Tensor) => {
      w.grad = null;
      x.mul(w).sum().backward();
      noGrad(() => assign(w, w.add(1)));
      return w.dataSync();
    });
    expect(() => fn(tensor([1]))).toThrow("elements cannot be read");
    expect([w.itemSync(), w.version, w.grad]).toEqual([1, 0, gradient]);
    expect(w.mul(2).itemSync()).toBe(2);
  });
});
