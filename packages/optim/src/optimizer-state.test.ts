import {
  BackendError,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { Adam, SGD } from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

function weight(...values: number[]): Tensor {
  return tensor(values, { requiresGrad: true });
}

describe("loadStateDict", () => {
  it("takes over learning rate and settings", () => {
    const saved = new SGD([weight(1)], { lr: 0.5, momentum: 0.8 }).stateDict();
    const optimizer = new SGD([weight(1)], { lr: 0.1, momentum: 0.9 });
    optimizer.loadStateDict(saved);
    expect(optimizer.paramGroups[0]?.lr).toBe(0.5);
    expect(optimizer.paramGroups[0]?.settings.momentum).toBe(0.8);
  });

  it("keeps the tensors it works with", () => {
    const optimizer = new Adam([weight(1)]);
    const before = optimizer.paramGroups[0]?.slots[0]?.state.expAvg;
    optimizer.loadStateDict(new Adam([weight(1)]).stateDict());
    expect(optimizer.paramGroups[0]?.slots[0]?.state.expAvg).toBe(before);
  });

  it("refuses what is not a state", () => {
    const optimizer = new SGD([weight(1)]);
    type Saved = ReturnType<SGD["stateDict"]>;
    expect(() => optimizer.loadStateDict(undefined as unknown as Saved)).toThrow(ValueError);
    expect(() => optimizer.loadStateDict({ weight: weight(1) } as unknown as Saved)).toThrow(
      ValueError,
    );
  });

  it("refuses other optimizers, groups, shapes and backends, and changes nothing", () => {
    const x = weight(1, 2);
    const optimizer = new SGD([x], { lr: 0.1, momentum: 0.9 });
    const load =
      (other: SGD): (() => void) =>
      () =>
        optimizer.loadStateDict(other.stateDict());
    const momentum = { lr: 0.7, momentum: 0.9 };
    const adam = new Adam([weight(1, 2)]) as unknown as SGD;
    const elsewhere = tensor([1, 2], { backend: interpreter(), requiresGrad: true });
    expect(load(adam)).toThrow(ValueError);
    expect(load(new SGD([weight(1, 2)], { lr: 0.7 }))).toThrow("momentumBuffer");
    expect(load(new SGD([weight(1), weight(2)], momentum))).toThrow(ValueError);
    expect(load(new SGD([weight(1, 2, 3)], momentum))).toThrow(ShapeError);
    expect(load(new SGD([elsewhere], momentum))).toThrow(BackendError);
    expect(optimizer.paramGroups[0]?.lr).toBe(0.1);
  });
});
