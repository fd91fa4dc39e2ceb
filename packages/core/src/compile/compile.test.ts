import { beforeEach, describe, expect, it, vi } from "vitest";
import { compile } from "../compile.js";
import {
  assign,
  type Backend,
  bernoulli,
  full,
  Generator,
  grad,
  manualSeed,
  noGrad,
  rand,
  randint,
  randn,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";

beforeEach(() => {
  setBackend(interpreter());
});

/** A weight, and a step that moves it down the gradient of (x · w - y)². */
function regression(): { w: Tensor; lr: Tensor; step: (x: Tensor, y: Tensor) => Tensor } {
  const w = tensor([0.5, -1], { requiresGrad: true });
  const lr = tensor(0.1);
  const step = (x: Tensor, y: Tensor): Tensor => {
    w.grad = null;
    const loss = x.mul(w).sum(1).sub(y).square().mean();
    loss.backward();
    noGrad(() => assign(w, w.sub(lr.mul(w.grad as Tensor))));
    return loss;
  };
  return { w, lr, step };
}

function batch(seed: number): [Tensor, Tensor] {
  const at = (i: number): number => Math.sin(seed * 7 + i);
  return [
    tensor([
      [at(1), at(2)],
      [at(3), at(4)],
      [at(5), at(6)],
    ]),
    tensor([at(7), at(8), at(9)]),
  ];
}

function expectClose(got: Tensor, expected: Tensor): void {
  const values = [...expected.dataSync()];
  for (const [i, value] of [...got.dataSync()].entries())
    expect(value).toBeCloseTo(values[i] ?? 0, 6);
}

const quiet = { warn: () => {} };

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

  it("can be taken once", () => {
    const cube = compile((x: Tensor) => x.pow(3).sum());
    expect(() => grad(grad(cube))(tensor(2))).toThrow(
      "[compile] through a compiled function one derivative can be taken",
    );
  });
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

  it("and says so when that happens again and again", () => {
    const warn = vi.fn();
    const fn = compile((x: Tensor, n: number) => x.mul(n), { name: "scaled", warn });
    for (let n = 0; n < 20; n++) fn(tensor([1]), n);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^\[compile\] scaled was recorded 8 times/);
  });
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

describe("explain", () => {
  it("shows the phases, the operations and what is captured", () => {
    const { step } = regression();
    const compiled = compile(step, { ...quiet, name: "step" });
    expect(compiled.explain()).toBe("step: not called yet, so there is no program.");
    compiled(...batch(1));
    const text = compiled.explain();
    expect(text).toMatch(/^step, program 1: \d+ operations in \d+ kernels/);
    for (const part of ["forward", "backward", "mul", "sub", "reads and writes captured", "flop"]) {
      expect(text).toContain(part);
    }
  });
});
