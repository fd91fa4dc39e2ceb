import { grad, setBackend, type Tensor, tensor, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { Linear, l1Penalty, l2Penalty, mse, Sequential, Tanh } from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const matrix = (): Tensor =>
  tensor(
    [
      [1, -2],
      [0, 3],
    ],
    { requiresGrad: true },
  );
const vector = (): Tensor => tensor([-0.5], { requiresGrad: true });

describe("l1Penalty", () => {
  it("is λ Σ |w|, with the gradient λ sign(w), 0 at 0", () => {
    const [w, v] = [matrix(), vector()];
    const penalty = l1Penalty([w, v], 0.1);
    expectClose(penalty, 0.65);
    penalty.backward();
    expectClose(w.grad, [
      [0.1, -0.1],
      [0, 0.1],
    ]);
    expectClose(v.grad, [-0.1]);
  });
});

describe("l2Penalty", () => {
  it("is λ/2 Σ w², with the gradient λ w and the second derivative λ", () => {
    const [w, v] = [matrix(), vector()];
    const penalty = l2Penalty([w, v], 0.1);
    expectClose(penalty, 0.7125);
    penalty.backward();
    expectClose(w.grad, [
      [0.1, -0.2],
      [0, 0.3],
    ]);
    expectClose(v.grad, [-0.05]);
    const first = grad((x: Tensor) => l2Penalty([x], 0.1));
    expectClose(grad((x: Tensor) => first(x).sum())(matrix()), [
      [0.1, 0.1],
      [0.1, 0.1],
    ]);
  });

  // Textbooks: J = … + (α/2)‖W‖² on the weights, not the biases; its gradient is αW.
  it("adds αW to the gradient of the weights, and nothing to that of the biases", () => {
    const model = new Sequential(new Linear(2, 3), new Tanh(), new Linear(3, 1));
    const weights = [...model.parameters()].filter((p) => p.ndim > 1);
    const gradients = (strength: number): Tensor[] => {
      model.zeroGrad();
      const loss = mse(model.forward(tensor([[1, -1]])), tensor([[0.5]]));
      loss.add(l2Penalty(weights, strength)).backward();
      return [...model.parameters()].map((p) => p.grad as Tensor);
    };
    const without = gradients(0);
    gradients(0.3).forEach((gradient, i) => {
      const p = [...model.parameters()][i] as Tensor;
      const added = gradient.sub(without[i] as Tensor);
      expectClose(added, p.mul(p.ndim > 1 ? 0.3 : 0).arraySync() as number[]);
    });
  });
});

describe("both", () => {
  it("take any iterable, count with strength 1 and keep the dtype", () => {
    const parameters = function* (): Generator<Tensor> {
      yield tensor([3], { dtype: "float64" });
      yield tensor(-4, { dtype: "float64" });
    };
    expectClose(l1Penalty(parameters()), 7);
    expectClose(l2Penalty(new Set(parameters())), 12.5);
    expect(l2Penalty(parameters()).dtype).toBe("float64");
  });

  it("refuse a generator that is used up", () => {
    const used = new Linear(1, 1).parameters();
    l1Penalty(used);
    expect(() => l2Penalty(used)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: [l2Penalty] penalties are of one tensor or several: expected an array of tensors, or model.parameters(), got none. A generator is empty once it was used: call model.parameters() anew.]`,
    );
  });

  it.each([
    ["nothing", () => l1Penalty([])],
    ["a bare tensor", () => l1Penalty(tensor([1]) as never)],
    ["undefined", () => l2Penalty(undefined as never)],
    ["numbers", () => l2Penalty([1, 2] as never)],
    ["a gradient that is null", () => l2Penalty([vector().grad as never])],
    ["a negative strength", () => l2Penalty([vector()], -1)],
    ["a strength of NaN", () => l1Penalty([vector()], Number.NaN)],
  ])("refuse %s", (_, run) => {
    expect(run).toThrow(ValueError);
  });
});
