// Training steps as programs: what they compute is what the functions compute, step for step.

import { tfjs } from "@chainrule/backend-tfjs";
import {
  Adam,
  AdamW,
  type AnyOptimizer,
  type Backend,
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  CosineAnnealingLR,
  clipGradNorm,
  clipGradValue,
  crossEntropy,
  Dropout,
  Embedding,
  Flatten,
  interpreter,
  js,
  LayerNorm,
  Linear,
  MaxPool2d,
  type Module,
  mse,
  ReLU,
  randint,
  randn,
  Sequential,
  SGD,
  StepLR,
  setBackend,
  Tanh,
  type Tensor,
  tensor,
} from "chainrule";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Run, runBeside, type Wrap } from "./beside.js";

const backends = new Map<string, Backend>();
beforeAll(async () => {
  for (const backend of [js(), await tfjs(), interpreter()]) backends.set(backend.name, backend);
});
beforeEach(() => {
  setBackend(js());
});

type Loss = (model: Module, x: Tensor, y: Tensor) => Tensor;

interface Task {
  readonly model: () => Module;
  readonly optimizer: (model: Module) => AnyOptimizer;
  readonly input: () => Tensor;
  readonly target: () => Tensor;
  readonly loss?: Loss;
  readonly beforeStep?: (model: Module) => unknown;
  readonly afterStep?: (optimizer: AnyOptimizer) => () => void;
}

/** Trains one step per call on a new batch each time. */
function training(task: Task): (wrap: Wrap) => Run {
  const { loss = (model, x, y) => mse(model.forward(x), y) } = task;
  return (wrap) => {
    const model = task.model();
    const optimizer = task.optimizer(model);
    const after = task.afterStep?.(optimizer);
    const step = wrap((x: Tensor, y: Tensor) => {
      optimizer.zeroGrad();
      const value = loss(model, x, y);
      value.backward();
      const extra = task.beforeStep?.(model);
      optimizer.step();
      return [value, extra];
    });
    return {
      step: () => {
        const result = step(task.input(), task.target());
        after?.();
        return result;
      },
      state: () => [
        model.stateDict(),
        optimizer.stateDict().state,
        [...model.parameters()].map((p) => p.grad),
      ],
    };
  };
}

const mlp: Task = {
  model: () => new Sequential(new Linear(3, 5), new Tanh(), new Linear(5, 2)),
  optimizer: (model) => new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 }),
  input: () => randn([4, 3]),
  target: () => randn([4, 2]),
};
const cnn: Task = {
  model: () =>
    new Sequential(
      // Its bias would have a gradient of 0, of whose rounding Adam makes a full step.
      new Conv2d(1, 2, 3, { padding: 1, bias: false }),
      new BatchNorm2d(2),
      new ReLU(),
      new MaxPool2d(2),
      new Conv2d(2, 3, 2),
      new Flatten(),
      new Dropout(0.3),
      new Linear(27, 4),
    ),
  optimizer: (model) => new Adam(model.parameters(), { lr: 0.01 }),
  input: () => randn([2, 1, 8, 8]),
  target: () => randint(0, 4, [2]),
  loss: (model, x, y) => crossEntropy(model.forward(x), y),
};

const recordedOnce = { recordings: 1, warnings: [] };

describe.each(["js", "tfjs", "interpreter"])("on %s", (name) => {
  beforeEach(() => {
    setBackend(backends.get(name) as Backend);
  });

  it("an MLP with SGD", () => {
    expect(runBeside(training(mlp))).toEqual(recordedOnce);
  });

  it("a CNN with BatchNorm, Dropout and Adam", () => {
    expect(runBeside(training(cnn), 4)).toEqual(recordedOnce);
  });

  it("Embedding, LayerNorm and AdamW", () => {
    const task: Task = {
      ...mlp,
      model: () => new Sequential(new Embedding(7, 4), new LayerNorm(4), new Linear(4, 2)),
      optimizer: (model) => new AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.1 }),
      input: () => randint(0, 7, [4]),
    };
    expect(runBeside(training(task))).toEqual(recordedOnce);
  });
});

describe("optimizers", () => {
  it.each<[string, (model: Module) => AnyOptimizer]>([
    ["SGD", (model) => new SGD(model.parameters(), { lr: 0.1 })],
    ["with weight decay", (model) => new SGD(model.parameters(), { lr: 0.1, weightDecay: 0.1 })],
    [
      "with Nesterov",
      (model) => new SGD(model.parameters(), { lr: 0.1, momentum: 0.8, nesterov: true }),
    ],
    [
      "with dampening",
      (model) => new SGD(model.parameters(), { lr: 0.1, momentum: 0.8, dampening: 0.5 }),
    ],
    ["Adam with decay", (model) => new Adam(model.parameters(), { lr: 0.01, weightDecay: 0.1 })],
    ["AdamW", (model) => new AdamW(model.parameters(), { lr: 0.01 })],
    [
      "groups",
      (model) => {
        const [first, ...rest] = [...model.parameters()];
        return new SGD([
          { params: [first as Tensor], lr: 0.2, momentum: 0.5 },
          { params: rest, lr: 0.01, weightDecay: 0.2 },
        ]);
      },
    ],
  ])("%s", (_, optimizer) => {
    expect(runBeside(training({ ...mlp, optimizer }), 8)).toEqual(recordedOnce);
  });
});

describe("between backward and update", () => {
  it.each<[string, (model: Module) => unknown]>([
    ["clipGradNorm", (model) => clipGradNorm(model.parameters(), 0.5)],
    [
      "clipGradNorm by the largest",
      (model) => clipGradNorm(model.parameters(), 0.1, { normType: Infinity }),
    ],
    ["clipGradValue", (model) => clipGradValue(model.parameters(), 0.05)],
    ["gradients read", (model) => [...model.parameters()].map((p) => p.grad?.square().sum())],
  ])("%s", (_, beforeStep) => {
    expect(runBeside(training({ ...mlp, beforeStep }))).toEqual(recordedOnce);
  });
});

describe("schedules", () => {
  it.each<[string, (optimizer: AnyOptimizer) => { step(): void }]>([
    ["StepLR", (optimizer) => new StepLR(optimizer, { stepSize: 2, gamma: 0.5 })],
    [
      "CosineAnnealingLR",
      (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 7, etaMin: 0.001 }),
    ],
  ])("%s needs no new recording", (_, make) => {
    const task: Task = {
      ...mlp,
      afterStep: (optimizer) => {
        const schedule = make(optimizer);
        return () => schedule.step();
      },
    };
    expect(runBeside(training(task), 12)).toEqual(recordedOnce);
  });

  it("a rate set by hand needs none", () => {
    let i = 0;
    const afterStep = (optimizer: AnyOptimizer) => (): void => {
      for (const group of optimizer.paramGroups) group.lr = 0.1 / (1 + (i++ % 6));
    };
    expect(runBeside(training({ ...mlp, afterStep }), 6)).toEqual(recordedOnce);
  });
});

it("a rate that the function reads as a number is a recording for each", () => {
  const make = (wrap: Wrap): Run => {
    const w = tensor([1], { requiresGrad: true });
    const sgd = new SGD([w], { lr: 0.1 });
    const [group] = sgd.paramGroups;
    const scaled = wrap((x: Tensor) => x.mul(group?.lr ?? 0));
    return {
      step: (i) => {
        if (group !== undefined) group.lr = i < 2 ? 0.1 : 0.5;
        return scaled(tensor([i]));
      },
    };
  };
  expect(runBeside(make, 4).recordings).toBe(2);
});

describe("random layers and statistics", () => {
  it("Dropout drops what it drops without compile, in every one of 50 steps", () => {
    const make = (wrap: Wrap): Run => {
      const layer = new Dropout(0.4);
      const step = wrap((x: Tensor) => layer.forward(x));
      return { step: () => step(randn([3, 7])) };
    };
    expect(runBeside(make, 50)).toEqual(recordedOnce);
  });

  it("BatchNorm keeps statistics and counts batches", () => {
    const task: Task = {
      ...mlp,
      model: () => new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 2)),
    };
    expect(runBeside(training(task), 8)).toEqual(recordedOnce);
  });

  it("eval() is recorded anew once, and train() again not at all", () => {
    const make = (wrap: Wrap): Run => {
      const model = new Sequential(new Linear(3, 4), new BatchNorm1d(4), new Dropout(0.5));
      const run = wrap((x: Tensor) => model.forward(x).detach());
      return {
        step: (i) => {
          model.train(i % 4 < 2);
          return run(randn([5, 3]));
        },
        state: () => model.stateDict(),
      };
    };
    expect(runBeside(make, 12)).toEqual({ recordings: 2, warnings: [] });
  });
});
