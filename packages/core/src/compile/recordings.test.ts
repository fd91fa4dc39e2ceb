// When a call is recorded anew.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { compile } from "../compile.js";
import { full, noGrad, setBackend, type Tensor, tensor, withBackend } from "../index.js";
import { interpreter } from "../interpreter.js";
import { noteRead } from "../observe.js";
import { quiet } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("a call is recorded anew", () => {
  function counted(fn: (...args: readonly never[]) => unknown): {
    compiled: (...args: readonly unknown[]) => unknown;
    runs: () => number;
  } {
    let runs = 0;
    const compiled = compile((...args: readonly unknown[]) => {
      runs += 1;
      return fn(...(args as readonly never[]));
    }, quiet);
    return { compiled, runs: () => runs };
  }

  it("for other shapes, dtypes and other arguments, once each", () => {
    const { compiled, runs } = counted((x: Tensor, n: number) => x.mul(n));
    const calls: [Tensor, number][] = [
      [tensor([1]), 2],
      [tensor([1, 2]), 2],
      [tensor(new Int32Array([1])), 2],
      [tensor([1]), 3],
    ];
    for (let round = 0; round < 2; round++) for (const call of calls) compiled(...call);
    expect(runs()).toBe(4);
  });

  it("with recording of gradients on or off", () => {
    const { compiled, runs } = counted((x: Tensor) => x.mul(2).detach());
    for (let round = 0; round < 2; round++) {
      compiled(tensor([1]));
      noGrad(() => compiled(tensor([1])));
    }
    expect(runs()).toBe(2);
  });

  it("when what was a leaf was computed, as gradients go further then", () => {
    const fn = compile((x: Tensor) => x.mul(3).sum().backward());
    const w = tensor([1], { requiresGrad: true });
    fn(w);
    expect(w.grad?.itemSync()).toBe(3);
    expect(() => fn(w.mul(2))).toThrow("[compile] a backward pass must end inside");
  });

  it("when a parameter is frozen", () => {
    const w = tensor([1], { requiresGrad: true });
    const { compiled, runs } = counted((x: Tensor) => x.mul(w).detach());
    compiled(tensor([1]));
    w.requiresGrad = false;
    compiled(tensor([1]));
    compiled(tensor([1]));
    expect(runs()).toBe(2);
  });

  it("on another current backend, where no argument has one", () => {
    const fn = compile((n: number) => full([1], 2).mul(n));
    const elsewhere = interpreter();
    expect(withBackend(elsewhere, () => fn(3)).backend).toBe(elsewhere);
    expect(fn(3).backend).not.toBe(elsewhere);
  });

  it("on another backend", () => {
    const { compiled, runs } = counted((x: Tensor) => x.mul(2));
    const other = interpreter();
    const results = [tensor([1]), tensor([2], { backend: other })].map(
      (x) => compiled(x) as Tensor,
    );
    expect(results.map((x) => x.itemSync())).toEqual([2, 4]);
    expect(results[1]?.backend).toBe(other);
    expect(runs()).toBe(2);
  });

  it("by name, when a property of a module changes again and again", () => {
    const warn = vi.fn();
    const part = { epoch: 0 };
    const fn = compile(
      (x: Tensor) => {
        noteRead(part, "epoch", part.epoch);
        return x.add(part.epoch);
      },
      { warn },
    );
    for (let i = 0; i < 9; i++) {
      part.epoch = i;
      expect(fn(tensor([1])).itemSync()).toBe(1 + i);
    }
    expect(warn.mock.lastCall?.[0]).toContain("because Object.epoch had changed");
  });

  it("and says so when that happens again and again", () => {
    const warn = vi.fn();
    const fn = compile((x: Tensor, n: number) => x.mul(n), { name: "scaled", warn });
    for (let n = 0; n < 20; n++) fn(tensor([1]), n);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^\[compile\] scaled was recorded 8 times/);
  });
});
