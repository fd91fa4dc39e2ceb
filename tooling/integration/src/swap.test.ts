// Changing the backend in the middle of training: nothing changes but where it is computed.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  Adam,
  AdamW,
  accuracy,
  type Backend,
  BatchNorm1d,
  clipGradNorm,
  crossEntropy,
  Dropout,
  Embedding,
  grad,
  interpreter,
  js,
  LayerNorm,
  Linear,
  l2Penalty,
  Module,
  manualSeed,
  memory,
  moveTensors,
  ones,
  PReLU,
  parameter,
  ReLU,
  Sequential,
  SGD,
  StepLR,
  setBackend,
  type Tensor,
  tensor,
  trackMemory,
  where,
} from "chainrule";
import { afterEach, describe, expect, it } from "vitest";

const images = Array.from({ length: 12 }, (_, i) =>
  Array.from({ length: 4 }, (_, j) => Math.sin(3 * i + j)),
);
const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);

function network() {
  setBackend(js());
  manualSeed(1);
  return new Sequential(new Linear(4, 6), new BatchNorm1d(6), new ReLU(), new Linear(6, 3));
}

type Network = ReturnType<typeof network>;
type AnyOptimizer = { zeroGrad(): void; step(): void };

function losses(model: Network, optimizer: AnyOptimizer, steps: number): number[] {
  const [{ backend }] = [...model.parameters()] as [Tensor];
  return Array.from({ length: steps }, () => {
    optimizer.zeroGrad();
    const loss = crossEntropy(
      model.forward(tensor(images, { backend })),
      tensor(labels, { backend }),
    );
    loss.backward();
    optimizer.step();
    return Number(loss.itemSync());
  });
}

describe("await model.to(backend)", () => {
  it.each([
    ["Adam", (model: Network) => new Adam(model.parameters(), { lr: 0.05 })],
    ["SGD", (model: Network) => new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })],
  ] as const)("in the middle of training goes on with the same curve, %s", async (_, make) => {
    const stays = network();
    const expected = losses(stays, make(stays), 9);

    const moves = network();
    const optimizer = make(moves);
    const curve = losses(moves, optimizer, 3);
    await moves.to(interpreter());
    curve.push(...losses(moves, optimizer, 3));
    await moves.to(js());
    curve.push(...losses(moves, optimizer, 3));

    // Sums in another order differ in the last digits.
    for (const [i, loss] of curve.entries()) expect(loss).toBeCloseTo(expected[i] ?? Number.NaN, 5);
  });

  it("keeps the tensors, their views and the gradients", async () => {
    const model = network();
    const [weight] = [...model.parameters()] as [Tensor];
    losses(model, new SGD(model.parameters(), { lr: 0.1 }), 1);
    const before = [weight.arraySync(), weight.grad?.arraySync()];
    const column = weight.at(":", 0);
    const target = interpreter();
    await model.to(target);
    expect([...model.parameters()][0]).toBe(weight);
    expect([weight, weight.grad, column].map((x) => x?.backend)).toEqual([target, target, target]);
    expect([weight.arraySync(), weight.grad?.arraySync()]).toEqual(before);
    expect(column.shape).toEqual([6]);
  });

  it("moves everything or nothing", async () => {
    setBackend(js());
    const x = tensor([1, 2]);
    const y = tensor([1, 2], { dtype: "float64" });
    const single = interpreter();
    const target = {
      ...single,
      capabilities: { ...single.capabilities, dtypes: ["float32"] as const },
    };
    await expect(moveTensors([x, y], target)).rejects.toThrow("[to] the backend must support");
    expect(x.backend.name).toBe("js");
  });

  it("makes a graph that saved the elements refuse, and one that saved none", async () => {
    setBackend(js());
    const x = tensor([3], { requiresGrad: true });
    const [square, sum] = [x.square().sum(), x.add(1).sum()];
    await moveTensors([x], interpreter());
    expect(() => square.backward()).toThrow("saved tensors must be unchanged");
    expect(() => sum.backward()).toThrow(
      '[backward] leaves must be where they were used: expected a leaf on "js", got one that was moved to "interpreter". Compute the result again.',
    );
    expect(x.grad).toBe(null);
  });

  it("keeps tied weights tied, and brings buffers, frozen parameters and a second owner's state", async () => {
    class Tied extends Module {
      readonly table: Embedding = new Embedding(3, 2);
      readonly norm: BatchNorm1d = new BatchNorm1d(3);
      readonly weight: Tensor = this.table.weight;
      readonly bias: Tensor = parameter(this.table.weight.detach()); // other tensor, same memory
      forward(rows: Tensor): Tensor {
        return this.norm
          .forward(this.table.forward(rows).matmul(this.weight.T))
          .mul(this.bias.sum());
      }
    }
    setBackend(js());
    const model = new Tied();
    model.norm.freeze();
    const rows = Int32Array.of(0, 2, 1);
    const optimizer = new Adam(model.parameters(), { lr: 0.1 });
    const step = (backend: Backend): void => {
      optimizer.zeroGrad();
      model.forward(tensor(rows, { backend })).sum().backward();
      optimizer.step();
    };
    step(model.weight.backend);
    const target = interpreter();
    const before = [...model.buffers()].map((x) => x.arraySync());
    await model.to(target);
    expect(model.weight).toBe(model.table.weight);
    expect(model.bias.storage).toBe(model.weight.storage);
    const tensors = [...model.parameters(), ...model.buffers()];
    expect(tensors.map((x) => x.backend)).toEqual(tensors.map(() => target));
    expect([...model.norm.parameters()].map((x) => x.requiresGrad)).toEqual([false, false]);
    expect([...model.buffers()].map((x) => x.arraySync())).toEqual(before);
    expect([model.weight.grad?.backend, model.bias.grad?.backend]).toEqual([target, target]);
    step(target);
  });

  it("brings what an optimizer comes to remember after it was made", async () => {
    const model = network();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    for (const group of optimizer.paramGroups) group.settings.momentum = 0.9;
    losses(model, optimizer, 1);
    await model.to(interpreter());
    losses(model, optimizer, 1);
  });

  it("lets learning rates be set when the old backend is closed", async () => {
    const old = js();
    const model = network();
    await model.to(old);
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const schedule = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    losses(model, optimizer, 1);
    await model.to(interpreter());
    await old.close();
    schedule.step();
    expect(optimizer.paramGroups[0]?.lr).toBe(0.05);
    // SGD without more moves by lr · gradient: the rate on the new backend is the new one.
    const [, bias] = [...model.parameters()] as [Tensor, Tensor];
    const from = bias.dataSync();
    losses(model, optimizer, 1);
    const slope = bias.grad?.dataSync() ?? new Float32Array();
    for (const [i, x] of bias.dataSync().entries()) {
      expect(x).toBeCloseTo((from[i] ?? 0) - 0.05 * (slope[i] ?? 0), 6);
    }
  });

  it.each([
    ["step", (_: Network, optimizer: AnyOptimizer) => optimizer.step()],
    ["backward pass", (model: Network) => losses(model, { zeroGrad() {}, step() {} }, 1)],
    ["move elsewhere", (model: Network) => model.to(js())],
  ])("refuses a %s before it is done, and moves nothing", async (_, meanwhile) => {
    const model = network();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    losses(model, { zeroGrad() {}, step() {} }, 1);
    const moving = model.to(interpreter());
    const other = meanwhile(model, optimizer);
    const settled = await Promise.allSettled([moving, other]);
    const failures = settled.flatMap(({ status, ...rest }) =>
      status === "rejected" && "reason" in rest ? [String(rest.reason)] : [],
    );
    expect(failures).toEqual([
      "ValueError: [to] tensors must stay as they are while they move: expected no step, backward pass or other move before the promise resolves, got one. Write await model.to(backend). Nothing has moved.",
    ]);
    expect(new Set([...model.parameters()].map((x) => x.backend)).size).toBe(1);
  });

  it("lets models that share a tensor move at the same time to one backend", async () => {
    setBackend(js());
    const shared = parameter(ones([2]));
    class Half extends Module {
      readonly own: Tensor = parameter(ones([2]));
      readonly shared: Tensor = shared;
      forward(x: Tensor): Tensor {
        return x.mul(this.own).mul(this.shared);
      }
    }
    const halves = [new Half(), new Half()];
    const target = interpreter();
    await Promise.all(halves.map((half) => half.to(target)));
    const tensors = halves.flatMap((half) => [...half.parameters()]);
    expect(tensors.map((x) => x.backend)).toEqual(tensors.map(() => target));
  });

  it("names both backends when tensors meet that are apart", async () => {
    setBackend(js());
    const x = tensor([1]);
    const y = tensor([1]);
    await moveTensors([y], interpreter());
    expect(() => x.add(y)).toThrow(/js.*interpreter/);
  });

  it("refuses what is no tensor", async () => {
    await expect(moveTensors([1] as never, js())).rejects.toThrow("[to] operands must be tensors");
  });
});

describe("await x.to(backend)", () => {
  it("refuses the result of a recorded operation: its gradient would get lost", async () => {
    setBackend(js());
    const x = tensor([1, 2], { requiresGrad: true });
    const target = interpreter();
    await expect(x.mul(2).to(target)).rejects.toThrow(
      "[to] gradients do not flow from one backend to another: expected a leaf, got the result of mul. Use await x.detach().to(backend).",
    );
    expect((await x.mul(2).detach().to(target)).arraySync()).toEqual([2, 4]);
  });
});

describe("what an optimizer remembers", () => {
  afterEach(() => trackMemory(false));

  it("goes with it, however long the parameters live", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    setBackend(js());
    const x = tensor([1, 2], { requiresGrad: true });
    trackMemory(true);
    for (let i = 0; i < 50; i++) new Adam([x]);
    const made = memory().storages;
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      collect();
    }
    expect(made).toBeGreaterThanOrEqual(150);
    expect(memory().storages).toBeLessThan(20);
  });
});

describe("the current backend", () => {
  it("is not asked by anything that is given tensors", async () => {
    const home = js();
    setBackend(home);
    manualSeed(1);
    const layers = [
      new Linear(4, 4),
      new BatchNorm1d(4),
      new LayerNorm([4]),
      new Dropout(0.5),
      new PReLU(),
    ];
    const model = new Sequential(...layers);
    const x = tensor(images);
    const rows = tensor(labels);
    const optimizers = [
      new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.1 }),
      new Adam(model.parameters(), { weightDecay: 0.1 }),
      new AdamW(model.parameters()),
    ];
    const refuse = (): never => {
      throw new Error("the current backend was used");
    };
    const away = { ...interpreter(), allocate: refuse, upload: refuse, compileKernel: refuse };
    setBackend(away);
    for (const optimizer of optimizers) {
      optimizer.zeroGrad();
      const output = model.forward(x);
      crossEntropy(output, rows).add(l2Penalty(model.parameters(), 0.1)).backward();
      clipGradNorm(model.parameters(), 1);
      optimizer.step();
      for (const group of optimizer.paramGroups) group.lr = 0.01;
      expect(accuracy(output, rows).backend).toBe(home);
    }
    model.eval().loadStateDict(model.stateDict());
    expect(where(x.greater(0), 1, 0).backend).toBe(home);
    expect(grad((y: Tensor) => y.sub(1).pow(3).mean())(x).backend).toBe(home);
    expect(String(x.at(0))).toContain("float32 [4]");
  });
});
