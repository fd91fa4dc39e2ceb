import {
  BackendError,
  GradientError,
  ones,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import {
  buffer,
  Dropout,
  isBuffer,
  isParameter,
  Linear,
  Module,
  parameter,
  ReLU,
  Sequential,
  type StateDict,
} from "./index.js";
import { expectClose } from "./testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

class Zoo extends Module {
  readonly scale: Tensor = parameter(ones([2]));
  readonly first: Linear = new Linear(2, 2);
  readonly seen: Tensor = buffer(zeros([1]));
  readonly layers: Module[] = [new ReLU(), new Linear(2, 3, { bias: false })];
  readonly heads: { left: Linear; right: Linear } = {
    left: new Linear(3, 1),
    right: new Linear(3, 1),
  };
  readonly note = "not a module";
  readonly loose: Tensor = ones([4], { requiresGrad: true });
  readonly nothing: Tensor | null = null;
  readonly #hidden: Tensor = parameter(ones([5]));
  readonly shift: Tensor = parameter(zeros([2]));

  forward(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.#hidden.sum());
  }
}

/** Two layers that share one weight, as an encoder and a decoder may. */
class Tied extends Module {
  readonly a: Linear = new Linear(2, 2, { bias: false });
  readonly b: Linear = this.a;
  readonly weight: Tensor = this.a.weight;

  forward(x: Tensor): Tensor {
    return this.b.forward(this.a.forward(x));
  }
}

describe("walking", () => {
  it("names parameters as PyTorch does, own ones first, in declaration order", () => {
    expect([...new Zoo().namedParameters()].map(([name]) => name)).toEqual([
      "scale",
      "shift",
      "first.weight",
      "first.bias",
      "layers.1.weight",
      "heads.left.weight",
      "heads.left.bias",
      "heads.right.weight",
      "heads.right.bias",
    ]);
  });

  it("finds buffers, children and modules", () => {
    const zoo = new Zoo();
    expect([...zoo.namedBuffers()].map(([name]) => name)).toEqual(["seen"]);
    expect([...zoo.buffers()]).toEqual([zoo.seen]);
    expect([...zoo.namedChildren()].map(([name]) => name)).toEqual([
      "first",
      "layers.0",
      "layers.1",
      "heads.left",
      "heads.right",
    ]);
    expect([...zoo.children()].length).toBe(5);
    expect([...zoo.namedModules()].map(([name]) => name)[0]).toBe("");
    expect([...zoo.modules()].length).toBe(6);
  });

  it("marks what it is told to mark", () => {
    const { scale, seen, loose } = new Zoo();
    expect([isParameter(scale), isBuffer(scale)]).toEqual([true, false]);
    expect([isParameter(seen), isBuffer(seen)]).toEqual([false, true]);
    expect([isParameter(loose), isBuffer(loose)]).toEqual([false, false]);
    expect(scale.requiresGrad).toBe(true);
  });

  it("yields a shared parameter once, under its first name", () => {
    const tied = new Tied();
    expect([...tied.namedParameters()].map(([name]) => name)).toEqual(["weight"]);
    expect([...tied.namedModules()].map(([name]) => name)).toEqual(["", "a"]);
  });

  it("has a state entry for every name of a shared parameter", () => {
    expect(Object.keys(new Tied().stateDict())).toEqual(["weight", "a.weight", "b.weight"]);
  });

  it("ends where a child refers to its parent", () => {
    class Child extends Module {
      parent: Module | null = null;
      readonly bias: Tensor = parameter(zeros([1]));
      forward(x: Tensor): Tensor {
        return x.add(this.bias);
      }
    }
    const child = new Child();
    const parent = new Sequential(child);
    child.parent = parent;
    expect([...parent.namedParameters()].map(([name]) => name)).toEqual(["0.bias"]);
    expect(Object.keys(parent.stateDict())).toEqual(["0.bias"]);
  });
});

describe("parameter", () => {
  it("refuses the result of an operation", () => {
    expect(() => parameter(ones([2], { requiresGrad: true }).mul(2))).toThrow(GradientError);
  });
});

describe("modes", () => {
  it("train and eval reach all modules", () => {
    const model = new Sequential(new Linear(2, 2), new Sequential(new Dropout()));
    expect(model.eval()).toBe(model);
    expect([...model.modules()].map((module) => module.training)).toEqual(Array(4).fill(false));
    model.train();
    expect([...model.modules()].every((module) => module.training)).toBe(true);
  });

  it("freeze stops gradients and drops those held", () => {
    const layer = new Linear(2, 1);
    layer
      .forward(ones([2]))
      .sum()
      .backward();
    expect(layer.freeze()).toBe(layer);
    expect(layer.weight.grad).toBeNull();
    expect(layer.forward(ones([2])).requiresGrad).toBe(false);
    layer.unfreeze();
    expect(layer.forward(ones([2])).requiresGrad).toBe(true);
  });

  it("zeroGrad forgets gradients", () => {
    const layer = new Linear(2, 1);
    layer
      .forward(ones([2]))
      .sum()
      .backward();
    expect(layer.weight.grad).not.toBeNull();
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
  });
});

describe("loadStateDict", () => {
  it("makes one model compute what another does", () => {
    const a = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
    const b = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
    const x = tensor([[1, -2]]);
    expect(b.loadStateDict(a.stateDict())).toEqual({ missing: [], unexpected: [] });
    expect(b.forward(x).arraySync()).toEqual(a.forward(x).arraySync());
  });

  it("writes into the tensors that are there", () => {
    const layer = new Linear(2, 1);
    const { weight } = layer;
    const version = weight.version;
    layer.loadStateDict({ weight: tensor([[1, 2]]), bias: tensor([3]) });
    expect(layer.weight).toBe(weight);
    expect(weight.version).toBeGreaterThan(version);
    expectClose(weight, [[1, 2]]);
    expect(weight.requiresGrad).toBe(true);
  });

  it("converts dtypes", () => {
    const layer = new Linear(2, 1, { bias: false });
    layer.loadStateDict({ weight: tensor([[1, 2]], { dtype: "float64" }) });
    expect(layer.weight.dtype).toBe("float32");
    expectClose(layer.weight, [[1, 2]]);
  });

  it("lists everything that does not fit, and changes nothing", () => {
    const layer = new Linear(2, 1);
    const before = layer.weight.arraySync();
    const load = (): unknown => layer.loadStateDict({ weight: zeros([1, 3]), bais: zeros([1]) });
    expect(load).toThrow(ValueError);
    expect(load).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [loadStateDict] the state must fit the module: expected every parameter and buffer by its name, in its shape, got missing: bias; unexpected: bais; wrong shape: weight [1, 3] for [1, 2]. Compare with Object.keys(module.stateDict()), or pass { strict: false } to load what matches. Nothing was changed.]`,
    );
    expect(() => layer.loadStateDict({ weight: zeros([1, 2]), bias: zeros([2]) })).toThrow(
      ShapeError,
    );
    expect(layer.weight.arraySync()).toEqual(before);
  });

  it("loads what matches unless strict, never a wrong shape", () => {
    const layer = new Linear(2, 1);
    const result = layer.loadStateDict(
      { weight: ones([1, 2]), extra: ones([1]) },
      { strict: false },
    );
    expect(result).toEqual({ missing: ["bias"], unexpected: ["extra"] });
    expectClose(layer.weight, [[1, 1]]);
    expect(() => layer.loadStateDict({ weight: ones([3]) }, { strict: false })).toThrow(ShapeError);
  });

  it("refuses what is not a state dict", () => {
    const load = (state: unknown): unknown => new Linear(2, 1).loadStateDict(state as StateDict);
    expect(() => load(undefined)).toThrow("got undefined for the state");
    expect(() => load({ weight: [[1, 2]] })).toThrow(ValueError);
  });

  it("refuses a state on another backend", () => {
    const backend = interpreter();
    const state = { weight: zeros([1, 2], { backend }), bias: zeros([1], { backend }) };
    expect(() => new Linear(2, 1).loadStateDict(state)).toThrow(BackendError);
  });

  it("the state dict follows the module", () => {
    const layer = new Linear(2, 1);
    const state = layer.stateDict();
    expect(state.weight?.requiresGrad).toBe(false);
    layer.loadStateDict({ weight: tensor([[5, 6]]), bias: tensor([7]) });
    expectClose(state.weight ?? null, [[5, 6]]);
  });
});
