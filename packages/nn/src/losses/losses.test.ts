// What PyTorch's numbers (the conformance suite) do not say: refusals, extremes, second order, modules.

import {
  DTypeError,
  grad,
  logSoftmax,
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
  BCELoss,
  BCEWithLogitsLoss,
  bce,
  bceWithLogits,
  CrossEntropyLoss,
  crossEntropy,
  MSELoss,
  mse,
  NLLLoss,
  nll,
  type Reduction,
} from "../index.js";
import { expectClose } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const int = (data: number | number[]): Tensor => tensor(data, { dtype: "int32" });
const numberOf = (loss: Tensor): number => Number(loss.itemSync());

describe("the loss of the decks, ½ Σ (ŷ - y)²", () => {
  it("is half of mse with reduction sum, and its gradient is ŷ - y", () => {
    const prediction = tensor([1, 4, -2], { requiresGrad: true });
    const target = tensor([0, 2, -1]);
    const loss = mse(prediction, target, { reduction: "sum" }).mul(0.5);
    expectClose(loss, 3);
    loss.backward();
    expectClose(prediction.grad, [1, 2, -1]);
  });
});

describe("shapes", () => {
  it.each([
    ["mse", mse],
    ["bce", bce],
    ["bceWithLogits", bceWithLogits],
  ] as const)("%s does not broadcast [n, 1] against [n]", (name, loss) => {
    expect(() => loss(zeros([3, 1]), zeros([3]))).toThrow(ShapeError);
    expect(() => loss(zeros([3, 1]), zeros([3]))).toThrow(
      `[${name}] input and target must have the same shape: expected [3, 1], got target [3]. Reshape one of them, e.g. target.reshape([3, 1]).`,
    );
    expect(() => loss(zeros([3]), zeros([1]))).toThrow("broadcastTo");
  });

  it("crossEntropy wants one index for every example", () => {
    expect(() => crossEntropy(zeros([3, 4]), int([0, 1]))).toThrow(ShapeError);
    expect(() => crossEntropy(zeros([3, 4]), zeros([3, 1], { dtype: "int32" }))).toThrow(
      "Reshape it: reshape([3])",
    );
    expect(() => crossEntropy(zeros([]), int(0))).toThrow(ShapeError);
  });

  it("a weight has one factor for each class", () => {
    const weight = zeros([3]);
    expect(() => nll(zeros([2, 4]), int([0, 1]), { weight })).toThrow(ShapeError);
    expect(() => crossEntropy(zeros([2, 4]), zeros([2, 4]), { weight })).toThrow(ShapeError);
  });
});

describe("dtypes of class targets", () => {
  it("float indices are refused with the conversion named", () => {
    expect(() => nll(zeros([3, 4]), zeros([3]))).toThrow(DTypeError);
    expect(() => crossEntropy(zeros([3, 4]), zeros([3]))).toThrow('astype("int32")');
  });

  it("one-hot integers are refused with the conversion named", () => {
    const oneHot = zeros([3, 4], { dtype: "int32" });
    expect(() => crossEntropy(zeros([3, 4]), oneHot)).toThrow('astype("float32")');
  });

  it("uint8 labels count as indices", () => {
    const logits = tensor([[1, 2, 3]]);
    const bytes = tensor([2], { dtype: "uint8" });
    expectClose(crossEntropy(logits, bytes), numberOf(crossEntropy(logits, int([2]))));
  });
});

describe("dtypes of yes-or-no targets", () => {
  it.each(["int32", "uint8", "bool"] as const)("%s labels count as 0 and 1", (dtype) => {
    const [p, y] = [tensor([0.25, 0.25]), tensor([0, 1], { dtype })];
    const wanted = [-Math.log(0.75), -Math.log(0.25)];
    expectClose(bce(p, y, { reduction: "none" }), wanted);
    expectClose(bceWithLogits(p.div(p.neg().add(1)).log(), y, { reduction: "none" }), wanted);
    expectClose(grad((x: Tensor) => bce(x, y, { reduction: "sum" }))(p), [4 / 3, -4]);
  });
});

describe("options", () => {
  it("an unknown reduction is refused", () => {
    const reduction = "average" as Reduction;
    expect(() => mse(zeros([2]), zeros([2]), { reduction })).toThrow(ValueError);
    expect(() => crossEntropy(zeros([1, 2]), int([0]), { reduction })).toThrow(ValueError);
  });

  it("a smoothing outside 0…1 is refused", () => {
    expect(() => crossEntropy(zeros([1, 2]), int([0]), { labelSmoothing: 1.5 })).toThrow(
      ValueError,
    );
  });

  it("ignoreIndex with probabilities is refused", () => {
    expect(() => crossEntropy(zeros([1, 2]), zeros([1, 2]), { ignoreIndex: 0 })).toThrow(
      ValueError,
    );
  });
});

describe("visible nonsense", () => {
  it("an index outside the classes makes the loss NaN", () => {
    expectClose(nll(zeros([2, 3]), int([0, 3])), Number.NaN);
    expectClose(crossEntropy(zeros([2, 3]), int([-1, 0])), Number.NaN);
    expectClose(nll(zeros([1, 3]), int([7]), { weight: tensor([1, 1, 1]) }), Number.NaN);
  });

  it("ignoring every example makes the mean NaN and the sum 0", () => {
    expectClose(nll(zeros([2, 3]), int([-100, -100])), Number.NaN);
    expectClose(nll(zeros([2, 3]), int([-100, -100]), { reduction: "sum" }), 0);
  });

  it("an ignored example counts for nothing, infinite as it may be", () => {
    const log = tensor([
      [-Infinity, 0],
      [-1, -2],
    ]);
    expectClose(nll(log, int([-100, 1])), 2);
    expectClose(nll(log, int([-100, 1]), { weight: tensor([3, 4]) }), 2);
  });

  it("a probability outside [0, 1] makes the loss NaN", () => {
    expectClose(bce(tensor([1.5]), tensor([1])), Number.NaN);
  });
});

describe("extremes", () => {
  it("bceWithLogits keeps relative precision where the loss is tiny", () => {
    // F.binary_cross_entropy_with_logits in float64 at 20, target 1, and at -20, target 0
    const logits = tensor([20, -20], { requiresGrad: true });
    const losses = bceWithLogits(logits, tensor([1, 0]), { reduction: "none" });
    expectClose(losses.mul(1e9), [2.06115369, 2.06115369]);
    losses.sum().backward();
    expectClose(logits.grad?.mul(1e9) ?? null, [-2.06115369, 2.06115369]);
  });

  it("bceWithLogits is bce of the sigmoid", () => {
    const logits = tensor([-1.5, 0.3, 2]);
    const target = tensor([0, 1, 0.5]);
    expectClose(bceWithLogits(logits, target), numberOf(bce(logits.sigmoid(), target)));
  });

  it("bce gives a target that wants a gradient ln(1 - p) - ln p", () => {
    const target = tensor([1, 0], { requiresGrad: true });
    bce(tensor([0.5, 0.2]), target, { reduction: "sum" }).backward();
    expectClose(target.grad, [0, Math.log(4)]);
  });

  it("crossEntropy of huge logits is finite", () => {
    expectClose(crossEntropy(tensor([[1e4, -1e4]]), int([1])), 2e4);
  });
});

describe("second order", () => {
  // torch.autograd.functional.hessian of each, at the same points, diagonal
  const diagonal = (loss: (x: Tensor) => Tensor, at: number[]): Tensor =>
    grad((x: Tensor) => grad(loss)(x).sum())(tensor(at, { requiresGrad: true }));

  it("mse: 2", () => {
    expectClose(
      diagonal((x) => mse(x, zeros([2]), { reduction: "sum" }), [1, -3]),
      [2, 2],
    );
  });

  it("bceWithLogits: σ(1 - σ)", () => {
    expectClose(
      diagonal((x) => bceWithLogits(x, tensor([1, 0]), { reduction: "sum" }), [0, 2]),
      [0.25, 0.10499358],
    );
  });

  it("bce: y / p² + (1 - y) / (1 - p)²", () => {
    expectClose(
      diagonal((x) => bce(x, tensor([1, 0]), { reduction: "sum" }), [0.5, 0.2]),
      [4, 1.5625],
    );
  });
});

describe("module forms", () => {
  it("compute what the functions compute", () => {
    const x = tensor([[0.2, 0.7]]);
    const y = tensor([[0, 1]]);
    const weight = tensor([1, 3]);
    expectClose(
      new MSELoss({ reduction: "sum" }).forward(x, y),
      numberOf(mse(x, y, { reduction: "sum" })),
    );
    expectClose(new BCELoss({ weight }).forward(x, y), numberOf(bce(x, y, { weight })));
    expectClose(
      new BCEWithLogitsLoss({ posWeight: weight }).forward(x, y),
      numberOf(bceWithLogits(x, y, { posWeight: weight })),
    );
    const log = logSoftmax(x);
    expectClose(
      new NLLLoss({ weight }).forward(log, int([1])),
      numberOf(nll(log, int([1]), { weight })),
    );
    expectClose(
      new CrossEntropyLoss({ labelSmoothing: 0.2 }).forward(x, int([1])),
      numberOf(crossEntropy(x, int([1]), { labelSmoothing: 0.2 })),
    );
  });

  it("keep their weight in the state dict, as PyTorch", () => {
    expect(Object.keys(new CrossEntropyLoss({ weight: zeros([2]) }).stateDict())).toEqual([
      "weight",
    ]);
    expect(Object.keys(new BCEWithLogitsLoss({ posWeight: zeros([2]) }).stateDict())).toEqual([
      "posWeight",
    ]);
    expect([...new MSELoss().parameters()]).toEqual([]);
  });
});
