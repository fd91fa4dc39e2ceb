// What a training loop does around and between its steps.

import {
  Adam,
  add,
  clipGradNorm,
  crossEntropy,
  Dropout,
  grad,
  interpreter,
  js,
  Linear,
  type Module,
  mse,
  noGrad,
  parameter,
  randint,
  randn,
  Sequential,
  SGD,
  setBackend,
  Tanh,
  type Tensor,
  tensor,
  zeros,
} from "chainrule";
import { beforeEach, describe, expect, it } from "vitest";
import { compiling, numbersIn, type Run, runBeside, type Wrap } from "./beside.js";

beforeEach(() => {
  setBackend(js());
});

const perceptron = (): Sequential<[Linear, Tanh, Linear]> =>
  new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 2));

/** A model with a compiled step; `between` is what happens before the step of that number. */
function trained(
  between: Readonly<Record<number, (model: ReturnType<typeof perceptron>, sgd: SGD) => void>>,
): (wrap: Wrap) => Run {
  return (wrap) => {
    const model = perceptron();
    const sgd = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const step = wrap((x: Tensor, y: Tensor) => {
      sgd.zeroGrad();
      const loss = mse(model.forward(x), y);
      loss.backward();
      sgd.step();
      return loss;
    });
    return {
      step: (i) => {
        between[i]?.(model, sgd);
        return step(randn([4, 3]), randn([4, 2]));
      },
      state: () => [
        model.stateDict(),
        sgd.stateDict().state,
        [...model.parameters()].map((p) => p.grad),
      ],
    };
  };
}

const recordings = (n: number): object => ({ recordings: n, warnings: [] });

describe("between two steps", () => {
  it("weights loaded are the weights of the next step", () => {
    const between = {
      3: (model: Module) => {
        const state = model.stateDict();
        const halves = Object.entries(state).map(([key, x]) => [key, x.detach().mul(0.5)]);
        model.loadStateDict(Object.fromEntries(halves));
      },
    };
    expect(runBeside(trained(between), 6)).toEqual(recordings(1));
  });

  it("so is a state loaded into the optimizer", () => {
    const between = {
      3: (model: Module, sgd: SGD) => {
        const other = new SGD(
          [...model.parameters()].map((p) => zeros(p.shape)),
          { lr: 0.02, momentum: 0.9 },
        );
        sgd.loadStateDict(other.stateDict());
      },
    };
    expect(runBeside(trained(between), 6)).toEqual(recordings(1));
  });

  it("freezing records anew, and unfreezing does not", () => {
    const between = {
      2: (model: ReturnType<typeof perceptron>) => void model.at(0).freeze(),
      4: (model: ReturnType<typeof perceptron>) => void model.at(0).unfreeze(),
    };
    expect(runBeside(trained(between), 6).recordings).toBe(2);
  });

  it("settings of a group changed record anew", () => {
    const between = {
      2: (_: Module, { paramGroups }: SGD) => {
        for (const { settings } of paramGroups) settings.momentum = 0.5;
      },
      4: (_: Module, { paramGroups }: SGD) => {
        for (const { settings } of paramGroups) settings.weightDecay = 0.1;
      },
    };
    expect(runBeside(trained(between), 6)).toEqual(recordings(3));
  });

  it("a group added is trained", () => {
    const extra = (): Tensor => tensor([1, 2], { requiresGrad: true });
    const make = (wrap: Wrap): Run => {
      const [a, b] = [extra(), extra()];
      const sgd = new SGD([a], { lr: 0.1 });
      const step = wrap((x: Tensor) => {
        sgd.zeroGrad();
        const loss = a.mul(b).mul(x).sum();
        loss.backward();
        sgd.step();
        return loss;
      });
      return {
        step: (i) => {
          if (i === 2) sgd.addParamGroup({ params: [b], lr: 0.2 });
          return step(randn([2]));
        },
        state: () => [a, b, a.grad, b.grad],
      };
    };
    // Its gradient adds up until the group is there to clear it: recorded without one, with one, and then.
    expect(runBeside(make, 5).recordings).toBe(3);
  });

  it("a parameter replaced is the one that is read", () => {
    const make = (wrap: Wrap): Run => {
      const layer = new Linear(2, 2);
      const forward = wrap((x: Tensor) => layer.forward(x).detach());
      return {
        step: (i) => {
          if (i === 2) Object.assign(layer, { weight: parameter(randn([2, 2])) });
          return forward(randn([1, 2]));
        },
      };
    };
    expect(runBeside(make, 4)).toEqual(recordings(2));
  });

  it("a layer replaced is the one that runs", () => {
    const make = (wrap: Wrap): Run => {
      const model = { body: new Linear(2, 2) };
      const forward = wrap((x: Tensor) => model.body.forward(x).detach());
      const sequence = perceptron();
      const through = wrap((x: Tensor) => sequence.forward(x).detach());
      return {
        step: (i) => {
          const layers = (sequence as unknown as { layers: Module[] }).layers;
          if (i === 2 && Array.isArray(layers)) layers[0] = new Linear(3, 4);
          return [forward(randn([1, 2])), through(randn([1, 3]))];
        },
      };
    };
    runBeside(make, 4);
  });

  it("an option of a layer changed is the option that holds", () => {
    const make = (wrap: Wrap): Run => {
      const layer = new Dropout(0.5);
      const forward = wrap((x: Tensor) => layer.forward(x));
      return {
        step: (i) => {
          (layer as { p: number }).p = i < 2 ? 0.5 : 0.1;
          return forward(randn([20]));
        },
      };
    };
    expect(runBeside(make, 4)).toEqual(recordings(2));
  });

  it("a model moves to another backend and back", async () => {
    const [here, there] = [js(), interpreter()];
    setBackend(here);
    const run = async (wrap: Wrap): Promise<number[]> => {
      setBackend(here);
      const { step, state } = trained({})(wrap);
      const model = perceptron();
      const adam = new Adam(model.parameters(), { lr: 0.01 });
      const moved = wrap((x: Tensor) => {
        adam.zeroGrad();
        const loss = model.forward(x).square().mean();
        loss.backward();
        adam.step();
        return loss;
      });
      const losses: Tensor[] = [];
      for (const backend of [here, there, here, there]) {
        await model.to(backend);
        for (let i = 0; i < 2; i++) losses.push(moved(tensor([[1, 2, i]], { backend })));
      }
      expect(losses.map((x) => x.backend.name)).toEqual(
        [here, here, there, there, here, here, there, there].map((b) => b.name),
      );
      return [...numbersIn(losses), ...numbersIn(step(0)), ...numbersIn(state?.())];
    };
    const { manualSeed } = await import("chainrule");
    manualSeed(3);
    const expected = await run((fn) => fn);
    manualSeed(3);
    const seen = { recordings: 0, warnings: [] };
    const got = await run(compiling(seen));
    for (const [i, x] of expected.entries()) expect(got[i]).toBeCloseTo(x, 5);
    // Two backends twice, and the other step once.
    expect(seen.recordings).toBeLessThanOrEqual(5);
  });
});

describe("shapes of a loop", () => {
  it("micro-batches accumulate in one function, and another updates", () => {
    const make = (wrap: Wrap): Run => {
      const model = perceptron();
      const adam = new Adam(model.parameters(), { lr: 0.05 });
      const accumulate = wrap((x: Tensor, y: Tensor) => {
        const loss = mse(model.forward(x), y).div(4);
        loss.backward();
        return loss;
      });
      const update = wrap(() => {
        const norm = clipGradNorm(model.parameters(), 1);
        adam.step();
        adam.zeroGrad();
        return norm;
      });
      return {
        step: () => {
          const losses = [0, 1, 2, 3].map(() => accumulate(randn([2, 3]), randn([2, 2])));
          const grads = [...model.parameters()].map((p) => (p.grad as Tensor).copy());
          return [losses, grads, update()];
        },
        state: () => [model.stateDict(), [...model.parameters()].map((p) => p.grad)],
      };
    };
    // The first micro-batch finds no gradient, the others do.
    expect(runBeside(make, 4)).toEqual(recordings(3));
  });

  it("inputs come in an object, and a smaller last batch is one recording more", () => {
    const make = (wrap: Wrap): Run => {
      const model = perceptron();
      const sgd = new SGD(model.parameters(), { lr: 0.1 });
      const step = wrap(
        ({ x, targets: [labels], scale }: { x: Tensor; targets: Tensor[]; scale: number }) => {
          const loss = crossEntropy(model.forward(x), labels as Tensor).mul(scale);
          model.zeroGrad();
          loss.backward();
          sgd.step();
          return { loss, logits: [model.forward(x).detach()] };
        },
      );
      return {
        step: (i) => {
          const n = i % 3 === 2 ? 2 : 5;
          return step({ x: randn([n, 3]), targets: [randint(0, 2, [n])], scale: 2 });
        },
        state: () => model.stateDict(),
      };
    };
    expect(runBeside(make, 9)).toEqual(recordings(2));
  });

  it("training and evaluation share a model", () => {
    const make = (wrap: Wrap): Run => {
      const model = new Sequential(new Linear(3, 4), new Dropout(0.5), new Linear(4, 2));
      const sgd = new SGD(model.parameters(), { lr: 0.1 });
      const train = wrap((x: Tensor, y: Tensor) => {
        const loss = mse(model.forward(x), y);
        sgd.zeroGrad();
        loss.backward();
        sgd.step();
        return loss;
      });
      const evaluate = wrap((x: Tensor) => noGrad(() => model.forward(x).argmax(1)));
      return {
        step: () => {
          const loss = train(randn([4, 3]), randn([4, 2]));
          model.eval();
          const classes = evaluate(randn([6, 3]));
          model.train();
          return [loss, classes];
        },
        state: () => model.stateDict(),
      };
    };
    expect(runBeside(make, 4)).toEqual(recordings(2));
  });

  it("compiled functions call compiled functions", () => {
    const make = (wrap: Wrap): Run => {
      const model = perceptron();
      const sgd = new SGD(model.parameters(), { lr: 0.1 });
      const loss = wrap((x: Tensor) => model.forward(x).square().mean());
      const step = wrap((x: Tensor) => {
        sgd.zeroGrad();
        const value = loss(x);
        value.backward();
        sgd.step();
        return value;
      });
      return {
        step: (i) => (i % 2 === 0 ? step(randn([4, 3])) : loss(randn([4, 3])).detach()),
        state: () => model.stateDict(),
      };
    };
    runBeside(make, 6);
  });

  it("a compiled forward pass is trained by a backward pass outside", () => {
    const make = (wrap: Wrap): Run => {
      const model = perceptron();
      const sgd = new SGD(model.parameters(), { lr: 0.1, momentum: 0.5 });
      const forward = wrap((x: Tensor) => model.forward(x));
      return {
        step: () => {
          sgd.zeroGrad();
          const loss = add(
            mse(forward(randn([4, 3])), randn([4, 2])),
            forward(randn([4, 3]))
              .sum()
              .mul(0.1),
          );
          loss.backward();
          sgd.step();
          return loss;
        },
        state: () => [model.stateDict(), [...model.parameters()].map((p) => p.grad)],
      };
    };
    expect(runBeside(make, 5)).toEqual(recordings(1));
  });
});

describe("derivatives of derivatives", () => {
  const cubes = (x: Tensor): Tensor =>
    x
      .pow(3)
      .mul(tensor([1, 2]))
      .sum();

  it.each<[string, (x: Tensor, v: Tensor) => Tensor]>([
    ["of a sum of cubes", (x) => grad((y: Tensor) => grad(cubes)(y).sum())(x)],
    ["as a Hessian-vector product", (x, v) => grad((y: Tensor) => grad(cubes)(y).mul(v).sum())(x)],
    [
      "third order",
      (x) => grad((y: Tensor) => grad((z: Tensor) => grad(cubes)(z).sum())(y).sum())(x),
    ],
  ])("%s", (_, fn) => {
    const make = (wrap: Wrap): Run => {
      const compiled = wrap(fn);
      return { step: () => compiled(randn([2]), randn([2])) };
    };
    expect(runBeside(make, 3)).toEqual(recordings(1));
  });

  it("as a gradient penalty in a training step", () => {
    const make = (wrap: Wrap): Run => {
      const model = perceptron();
      const adam = new Adam(model.parameters(), { lr: 0.01 });
      const step = wrap((x: Tensor) => {
        adam.zeroGrad();
        const slope = grad((at: Tensor) => model.forward(at).sum())(x);
        const loss = slope.square().sum(1).sqrt().sub(1).square().mean();
        loss.backward();
        adam.step();
        return loss;
      });
      return { step: () => step(randn([4, 3])), state: () => model.stateDict() };
    };
    expect(runBeside(make, 4)).toEqual(recordings(1));
  });

  it("of a compiled function with grad", () => {
    const make = (wrap: Wrap): Run => {
      const fn = wrap((x: Tensor) => x.pow(3).sum());
      return { step: () => grad(fn)(randn([3])) };
    };
    expect(runBeside(make, 3)).toEqual(recordings(1));
  });
});
