import {
  assign,
  DTypeError,
  GradientError,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { Adam, AdamW, type AnyOptimizer, Optimizer, type Params, SGD, type Slot } from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

function weight(...values: number[]): Tensor {
  return tensor(values, { requiresGrad: true });
}

function values(x: Tensor): number[] {
  return Array.from(x.dataSync(), Number);
}

/** Sum of squares around [1, 2], of which the gradient is 2 (x - [1, 2]). */
function bowl(x: Tensor): Tensor {
  return x
    .sub(tensor([1, 2]))
    .square()
    .sum();
}

function descend(optimizer: { step(): void; zeroGrad(): void }, x: Tensor, steps: number): void {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    bowl(x).backward();
    optimizer.step();
  }
}

interface Kind {
  readonly name: string;
  readonly make: (params: Tensor[]) => AnyOptimizer;
}

const kinds: readonly Kind[] = [
  { name: "SGD", make: (p: Tensor[]) => new SGD(p, { lr: 0.1 }) },
  { name: "SGD with momentum", make: (p: Tensor[]) => new SGD(p, { lr: 0.02, momentum: 0.9 }) },
  {
    name: "dampened SGD",
    make: (p: Tensor[]) => new SGD(p, { lr: 0.05, momentum: 0.9, dampening: 0.5 }),
  },
  { name: "Adam", make: (p: Tensor[]) => new Adam(p, { lr: 0.1 }) },
  { name: "AdamW", make: (p: Tensor[]) => new AdamW(p, { lr: 0.1, weightDecay: 0 }) },
];

describe.each(kinds)("$name", ({ make }) => {
  it("finds the bottom of a bowl", () => {
    const x = weight(4, -3);
    descend(make([x]), x, 200);
    expect(values(x)[0]).toBeCloseTo(1, 2);
    expect(values(x)[1]).toBeCloseTo(2, 2);
  });

  it("writes into the parameter and records nothing", () => {
    const x = weight(4, -3);
    const optimizer = make([x]);
    descend(optimizer, x, 1);
    expect(x.isLeaf).toBe(true);
    expect(x.requiresGrad).toBe(true);
    expect(values(x)).not.toEqual([4, -3]);
  });

  it("leaves parameters without a gradient as they are", () => {
    const x = weight(4, -3);
    const idle = weight(5);
    const optimizer = make([x, idle]);
    descend(optimizer, x, 2);
    expect(values(idle)).toEqual([5]);
  });

  it("continues from a state dict as if nothing had happened", () => {
    const x = weight(4, -3);
    const optimizer = make([x]);
    descend(optimizer, x, 3);
    const copy = weight(...values(x));
    const second = make([copy]);
    second.loadStateDict(optimizer.stateDict());
    descend(optimizer, x, 3);
    descend(second, copy, 3);
    expect(values(copy)).toEqual(values(x));
  });

  it("zeroGrad forgets gradients", () => {
    const x = weight(4, -3);
    bowl(x).backward();
    make([x]).zeroGrad();
    expect(x.grad).toBeNull();
  });
});

describe("the learning rate", () => {
  it("is set with a number and used by the next step", () => {
    const x = weight(0, 0);
    const optimizer = new SGD([x], { lr: 1 });
    const [group] = optimizer.paramGroups;
    if (group === undefined) throw new Error("no group");
    expect(group.lr).toBe(1);
    group.lr = 0.25;
    expect(group.lr).toBe(0.25);
    descend(optimizer, x, 1);
    expect(values(x)).toEqual([0.5, 1]);
  });

  it("is written into the tensor that updates read", () => {
    const [group] = new SGD([weight(0)], { lr: 1 }).paramGroups;
    const before = group?.slots[0]?.lr;
    if (group !== undefined) group.lr = 0.5;
    expect(group?.slots[0]?.lr).toBe(before);
    expect(before?.itemSync()).toBe(0.5);
  });

  it("may be zero, not negative, not NaN", () => {
    const x = weight(0, 0);
    descend(new SGD([x], { lr: 0 }), x, 1);
    expect(values(x)).toEqual([0, 0]);
    expect(() => new SGD([x], { lr: -1 })).toThrow(ValueError);
    const [group] = new Adam([x]).paramGroups;
    expect(() => {
      if (group !== undefined) group.lr = Number.NaN;
    }).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [Optimizer] lr must not be negative: expected a finite number ≥ 0 for lr, got NaN.]`,
    );
  });
});

describe("parameter groups", () => {
  it("have settings of their own and defaults for the rest", () => {
    const x = weight(0, 0);
    const y = weight(0, 0);
    const optimizer = new SGD([{ params: [x] }, { params: [y], lr: 0.25, momentum: 0.5 }], {
      lr: 0.5,
      weightDecay: 0.1,
    });
    expect(optimizer.paramGroups.map(({ lr, settings }) => ({ lr, ...settings }))).toEqual([
      { lr: 0.5, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0.1 },
      { lr: 0.25, momentum: 0.5, dampening: 0, nesterov: false, weightDecay: 0.1 },
    ]);
    bowl(x).add(bowl(y)).backward();
    optimizer.step();
    expect(values(x)).toEqual([1, 2]);
    expect(values(y)).toEqual([0.5, 1]);
  });

  it("can be added later", () => {
    const x = weight(0, 0);
    const optimizer = new SGD([weight(1)], { lr: 0.5 });
    optimizer.addParamGroup({ params: [x] });
    descend(optimizer, x, 1);
    expect(values(x)).toEqual([1, 2]);
  });

  it("may mix dtypes and backends", () => {
    const wide = tensor([0], { dtype: "float64", requiresGrad: true });
    const elsewhere = tensor([0], { backend: interpreter(), requiresGrad: true });
    const optimizer = new Adam([weight(0), wide, elsewhere], { lr: 0.1 });
    wide.grad = tensor([1], { dtype: "float64" });
    elsewhere.grad = tensor([1], { backend: elsewhere.backend });
    optimizer.step();
    expect(values(wide)[0]).toBeCloseTo(-0.1, 7);
    expect(values(elsewhere)[0]).toBeCloseTo(-0.1, 7);
  });

  it("are emptied by nobody: a generator is read once", () => {
    const list = [weight(1), weight(2)];
    const optimizer = new SGD(list.values(), { lr: 0.1 });
    expect(optimizer.paramGroups[0]?.params).toEqual(list);
  });
});

describe("an optimizer of one's own", () => {
  type None = Record<never, never>;

  class SignDescent extends Optimizer<None, None> {
    protected override ensureValid(): void {}

    protected override createState(): None {
      return {};
    }

    protected override update({ param, lr }: Slot<None>, grad: Tensor): void {
      assign(param, param.sub(lr.mul(grad.sign())));
    }
  }

  it("is three methods", () => {
    const x = weight(4, -3);
    descend(new SignDescent([x], 0.5, {}), x, 2);
    expect(values(x)).toEqual([3, -2]);
  });
});

describe("what cannot be optimized", () => {
  const sgd = (params: unknown): SGD => new SGD(params as Params<never>, { lr: 0.1 });

  it("nothing", () => {
    expect(() => sgd([])).toThrow(ValueError);
    expect(() => sgd([{ params: [] }])).toThrow("something to optimize");
  });

  it("results of operations", () => {
    expect(() => sgd([weight(1).mul(2)])).toThrow(GradientError);
  });

  it("one tensor twice", () => {
    const x = weight(1);
    expect(() => sgd([x, x])).toThrow(ValueError);
    expect(() => sgd([{ params: [x] }, { params: [x] }])).toThrow("once per step");
  });

  it("what is no list of tensors", () => {
    expect(() => sgd(weight(1))).toThrow("[tensor] for a single one");
    expect(() => sgd(undefined)).toThrow(ValueError);
    expect(() => sgd([["0.weight", weight(1)]])).toThrow(ValueError);
    expect(() => sgd([3])).toThrow(ValueError);
  });

  it("integers", () => {
    expect(() => sgd([zeros([2], { dtype: "int32" })])).toThrow(DTypeError);
  });
});

describe("settings out of range", () => {
  const x = [] as Tensor[];
  beforeAll(() => {
    x.push(weight(1));
  });

  it.each<[string, () => unknown]>([
    ["momentum", () => new SGD(x, { lr: 0.1, momentum: -1 })],
    ["weightDecay", () => new SGD(x, { lr: 0.1, weightDecay: Number.NaN })],
    ["nesterov without momentum", () => new SGD(x, { lr: 0.1, nesterov: true })],
    [
      "dampened nesterov",
      () => new SGD(x, { lr: 0.1, nesterov: true, momentum: 0.9, dampening: 0.1 }),
    ],
    ["a rate in a group", () => new SGD([{ params: x, lr: -1 }], { lr: 0.1 })],
    [
      "an unknown name in a group",
      () => {
        const group = { params: x, weight_decay: 0.1 };
        return new SGD([group], { lr: 0.1 });
      },
    ],
    ["β₁ = 1", () => new Adam(x, { betas: [1, 0.999] })],
    ["β₂ < 0", () => new AdamW(x, { betas: [0.9, -0.1] })],
    ["one β", () => new Adam(x, { betas: [0.9] as unknown as [number, number] })],
    ["eps < 0", () => new Adam(x, { eps: -1e-8 })],
    ["weightDecay < 0", () => new AdamW(x, { weightDecay: -0.1 })],
  ])("%s", (_, make) => {
    expect(make).toThrow(ValueError);
  });
});
