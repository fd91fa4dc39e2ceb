import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  assign,
  type Backend,
  DisposedError,
  matmul,
  memory,
  noGrad,
  setBackend,
  stack,
  type Tensor,
  tensor,
  trackMemory,
  where,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";

setFlagsFromString("--expose-gc");
const collectNow = runInNewContext("gc") as () => void;

/** Collects, and lets the collector report. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collectNow();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

beforeAll(() => {
  setBackend(interpreter());
});

afterEach(() => {
  trackMemory(false);
});

/** An interpreter that knows which of its buffers are alive. */
function counting(): { backend: Backend; live: Set<unknown>; doubleFrees: () => number } {
  const inner = interpreter();
  const live = new Set<unknown>();
  let twice = 0;
  const made = <H>(handle: H): H => {
    live.add(handle);
    return handle;
  };
  const backend: Backend = {
    ...inner,
    allocate: (length, dtype) => made(inner.allocate(length, dtype)),
    upload: (data, dtype) => made(inner.upload(data, dtype)),
    free: (handle) => {
      if (!live.delete(handle)) twice += 1;
    },
  };
  return { backend, live, doubleFrees: () => twice };
}

describe("memory", () => {
  it("counts storages and their bytes, not the views of them", () => {
    trackMemory(true);
    expect(memory()).toEqual({ tracking: true, storages: 0, bytes: 0 });
    const x = zeros([2, 3]);
    const views = [x.T, x.at(0), x.reshape([6]), x.detach()];
    expect(memory()).toEqual({ tracking: true, storages: 1, bytes: 24 });
    const bytes = [
      zeros([2], { dtype: "float64" }),
      zeros([2], { dtype: "uint8" }),
      zeros([2], { dtype: "bool" }),
      zeros([2], { dtype: "int32" }),
    ];
    expect(memory()).toEqual({ tracking: true, storages: 5, bytes: 24 + 16 + 2 + 2 + 8 });
    for (const each of [...bytes, ...views, x]) each.dispose();
    expect(memory()).toEqual({ tracking: true, storages: 0, bytes: 0 });
  });

  it("is off unless asked for, and starts from zero each time", () => {
    const early = zeros([4]);
    expect(memory()).toEqual({ tracking: false, storages: 0, bytes: 0 });
    trackMemory(true);
    early.dispose();
    expect(memory().storages).toBe(0);
    const x = zeros([4]);
    trackMemory(true);
    x.dispose();
    expect(memory()).toEqual({ tracking: true, storages: 0, bytes: 0 });
  });

  it("sees what the collector took, after a macrotask", async () => {
    trackMemory(true);
    const kept = zeros([8]);
    (() => {
      for (let i = 0; i < 50; i++) kept.add(i);
    })();
    expect(memory().storages).toBe(51);
    await collected();
    expect(memory()).toEqual({ tracking: true, storages: 1, bytes: 32 });
    expect(kept.size).toBe(8);
  });

  it("does not count reports about storages of an earlier tracking", async () => {
    trackMemory(true);
    (() => {
      for (let i = 0; i < 50; i++) zeros([8]);
    })();
    collectNow(); // the reports are on their way
    trackMemory(true);
    await collected();
    expect(memory()).toEqual({ tracking: true, storages: 0, bytes: 0 });
  });

  it("comes back to the same number after training steps", async () => {
    trackMemory(true);
    const w = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const x = tensor([[1, 0.5]]);
    const step = (): void => {
      w.grad = null;
      matmul(x, w).tanh().square().sum().backward();
      noGrad(() => assign(w, w.sub((w.grad as Tensor).mul(0.1))));
    };
    const counts: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) step();
      await collected();
      counts.push(memory().storages);
    }
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
  });

  it("of what the graph saved is returned by backward, though the result is kept", async () => {
    trackMemory(true);
    const x = zeros([10], { requiresGrad: true });
    const forward = (): Tensor => x.exp().sin().cos().sum();
    const loss = forward();
    await collected();
    const before = memory().storages;
    expect(before).toBeGreaterThanOrEqual(4); // x, exp, sin (saved by cos), loss
    loss.backward();
    await collected();
    expect(memory().storages).toBe(3); // x, its gradient, loss
    expect(loss.itemSync()).toBeCloseTo(10 * Math.cos(Math.sin(1)), 5);
  });
});

describe("dispose", () => {
  it("gives the buffer back once, after the last view", () => {
    const { backend, live, doubleFrees } = counting();
    const x = withBackend(backend, () => zeros([2, 3]));
    const view = x.T;
    x.dispose();
    x.dispose();
    expect(live.size).toBe(1);
    expect(view.sum(1).shape).toEqual([3]);
    view.dispose();
    expect(live.size).toBe(1); // the sum
    expect(doubleFrees()).toBe(0);
  });

  it("of assigned tensors gives each buffer back once, in any order", () => {
    for (const targetFirst of [true, false]) {
      const { backend, live, doubleFrees } = counting();
      const [a, b, value] = withBackend(backend, () => [zeros([2]), zeros([2]), tensor([1, 2])]);
      assign(a, value);
      assign(b, value);
      expect(live.size).toBe(1); // the old buffers are gone
      const order = targetFirst ? [a, b, value] : [value, b, a];
      for (const each of order) {
        expect(live.size).toBe(1);
        each.dispose();
      }
      expect([live.size, doubleFrees()]).toEqual([0, 0]);
    }
  });

  it("needs no more than the tensors that the user has: indexing, reshaping, stacking keep nothing", () => {
    const { backend, live } = counting();
    const x = withBackend(backend, () => zeros([2, 3]));
    const results = [x.at(0), x.at(null, ":", "::2"), x.T.reshape([6]), stack([x, x])];
    for (const each of [...results, x]) each.dispose();
    expect(live.size).toBe(1); // x is still seen by the view x.T
  });

  it("of a tensor that a view was assigned to leaves nothing behind", () => {
    const { backend, live } = counting();
    const [w, v] = withBackend(backend, () => [zeros([2, 2]), zeros([2, 2])]);
    assign(w, v.T);
    expect(live.size).toBe(2);
    w.dispose();
    v.dispose();
    expect(live.size).toBe(1); // v itself is still seen by the view v.T
  });

  it("is what `using` does", () => {
    const x = zeros([2]);
    x[Symbol.dispose]();
    expect(x.disposed).toBe(true);
  });

  it("makes every later use an error that names the operation", async () => {
    const x = zeros([2, 2]);
    x.dispose();
    expect(messageOf(() => x.add(1))).toBe(
      "[add] a disposed tensor cannot be used: expected a live tensor, got one whose dispose() was called. Dispose it after its last use.",
    );
    const uses: [string, () => unknown][] = [
      ["mul", () => tensor(1).mul(x)],
      ["matmul", () => matmul(zeros([2, 2]), x)],
      ["sum", () => x.sum()],
      ["matrixTranspose", () => x.T],
      ["slice", () => x.at(0)],
      ["where", () => where(tensor(true), x, 0)],
      ["detach", () => x.detach()],
      ["dataSync", () => x.dataSync()],
      ["backward", () => x.backward()],
    ];
    for (const [op, use] of uses) {
      expect(use, op).toThrow(DisposedError);
      expect(messageOf(use)).toContain(`[${op}]`);
    }
    await expect(x.data()).rejects.toThrow(DisposedError);
  });

  it("of an operand does not touch results", () => {
    const x = tensor([1, 2]);
    const y = x.add(1);
    x.dispose();
    expect(y.arraySync()).toEqual([2, 3]);
  });
});
