// The lockstep differ on training steps: backends that are right do not differ, and a fault is blamed on
// the operation, the layer and the operands that it shows in.

import { tfjs } from "@chainrule/backend-tfjs";
import { brokenBackends, compareBackends, formatDifference } from "@chainrule/conformance";
import { call, isFloat, type Operand } from "@chainrule/kernel";
import {
  Adam,
  type Backend,
  BackendError,
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Dropout,
  defaultGenerator,
  Embedding,
  Flatten,
  getBackend,
  grad,
  interpreter,
  js,
  Linear,
  MaxPool2d,
  Module,
  manualSeed,
  mse,
  type OpOverride,
  ReLU,
  rand,
  Sequential,
  SGD,
  setBackend,
  Tanh,
  type Tensor,
  tensor,
  ValueError,
  withBackend,
} from "chainrule";
import { beforeEach, describe, expect, it, test } from "vitest";
import { withExprs, withResults } from "../../../packages/conformance/src/broken/wrap.js";

beforeEach(() => {
  setBackend(js());
});

const labels = (): Tensor => tensor([0, 1, 2, 3], { dtype: "int32" });
const waves = (...shape: number[]): Tensor => {
  const size = shape.reduce((product, n) => product * n);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * i + 1)),
    { shape },
  );
};

/** One step of training; `after` sees the model then. */
function trainingStep(
  make: () => Module,
  input: () => Tensor,
  after: (model: Module) => unknown = () => {},
): () => unknown {
  return () => {
    const model = make();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const loss = crossEntropy(model.forward(input()), labels());
    loss.backward();
    optimizer.step();
    return after(model);
  };
}

const perceptron = (): Module => new Sequential(new Linear(3, 5), new Tanh(), new Linear(5, 4));
const cnn = (): Module =>
  new Sequential(
    new Conv2d(1, 2, 3, { padding: 1 }),
    new BatchNorm2d(2),
    new Tanh(),
    new MaxPool2d(2),
    new Conv2d(2, 3, 2, { stride: 2 }),
    new ReLU(),
    new Dropout(0.3),
    new Flatten(),
    new Linear(3, 4),
  );
const mlpStep = trainingStep(perceptron, () => waves(4, 3));
const cnnStep = trainingStep(cnn, () => waves(4, 1, 5, 5));

/** `good` with another name and some parts replaced. */
const altered = (good: Backend, parts: Partial<Backend>): Backend => ({
  ...good,
  name: "wrong",
  ...parts,
});

/** `good` that reads by promise only, and after a while. */
function late(good: Backend): Backend {
  const { readSync: _readSync, ...rest } = good;
  return {
    ...rest,
    capabilities: { ...good.capabilities, syncRead: false },
    read: async (handle, offset, length) => {
      await new Promise((resolve) => setTimeout(resolve));
      return good.read(handle, offset, length);
    },
  };
}

/** Adds `amount` to the first element of `operand`. */
function spoil(good: Backend, { buffer, offset }: Operand, amount: number): void {
  const data = good.readSync?.(buffer, offset, 1);
  if (data === undefined) throw new Error("faults are put into backends that read at once");
  data[0] = (data[0] ?? 0) + amount;
  good.write(buffer, offset, data);
}

/** `good` whose override of `op` is wrong where `applies` says so. */
function wrongOverride(good: Backend, op: string, applies: (attrs: unknown) => boolean): Backend {
  const right = good.ops?.[op] as OpOverride;
  const wrong: OpOverride = {
    accepts: (...given) => right.accepts(...given),
    run: (inputs, outputs, attrs) => {
      right.run(inputs, outputs, attrs);
      if (applies(attrs)) spoil(good, outputs[0] as Operand, 1e-3);
    },
  };
  return altered(good, { ops: { ...good.ops, [op]: wrong } });
}

const strideOf = (attrs: unknown): number =>
  (attrs as { axes: readonly { stride: number }[] }).axes[0]?.stride ?? 1;

const strided = (): Backend => wrongOverride(js(), "conv", (attrs) => strideOf(attrs) === 2);

describe("backends that are right", () => {
  it.each([
    ["a perceptron", mlpStep],
    ["a convolutional network", cnnStep],
  ] as const)("do not differ on a training step of %s", async (_, step) => {
    for (const [a, b] of [
      [interpreter(), js()],
      [js(), interpreter()],
      [js(), await tfjs()],
      [js(), late(js())],
      [late(js()), js()],
    ] as const) {
      const result = await compareBackends(step, a, b);
      expect(formatDifference(result)).toMatch(/^no difference in \d{2,3} operations/);
    }
  });

  it("do not differ where rounding makes sums and differences that cancel differ", async () => {
    const sums = (): void => {
      const x = waves(40, 500);
      x.sum();
      x.mul(1e-6).sum(1);
      x.add(1000).sub(1000).matmul(waves(500, 3));
      x.mul(0).add(0.1).sum();
      grad((z: Tensor) => z.tanh().sum())(x.mul(4));
    };
    expect(await compareBackends(sums, js(), await tfjs())).toMatchObject({ same: true });
    expect(await compareBackends(sums, await tfjs(), js())).toMatchObject({ same: true });
  });

  it("do not differ where one makes its random numbers on the host", async () => {
    const { capabilities, ...rest } = js();
    const coarse = { ...rest, capabilities: { ...capabilities, exactInt32: false } };
    const draw = (): unknown => rand([5]).mul(2);
    expect(await compareBackends(draw, js(), coarse)).toMatchObject({ same: true, operations: 1 });
    expect(await compareBackends(draw, coarse, js())).toMatchObject({ same: true, operations: 1 });
    // All bits must agree: the uploaded ones and those computed.
    const shifted = withResults(js(), (value, dtype) => (isFloat(dtype) ? value / 2 : value));
    expect(await compareBackends(draw, coarse, shifted)).toMatchObject({
      kind: "leaf",
      op: "tensor",
      shape: [5],
    });
  });

  it("compute the same bits as without being compared", async () => {
    const seen: unknown[] = [];
    const step = trainingStep(
      cnn,
      () => waves(4, 1, 5, 5),
      (model) => {
        seen.push(Object.entries(model.stateDict()).map(([name, x]) => [name, x.dataSync()]));
      },
    );
    await compareBackends(step, interpreter(), js(), { seed: 3 });
    for (const backend of [interpreter(), js()]) {
      manualSeed(3);
      withBackend(backend, step);
    }
    expect(seen.slice(0, 2)).toEqual(seen.slice(2));
  });
});

describe("a fault is found", () => {
  it("in an override with certain attributes: operation, layer, operands, element", async () => {
    const result = await compareBackends(cnnStep, js(), strided());
    expect(result).toMatchObject({
      same: false,
      kind: "value",
      op: "conv",
      path: "Sequential.4 (Conv2d)",
      phase: "forward",
      dtype: "float32",
      shape: [4, 3, 1, 1],
      position: [0, 0, 0, 0],
      count: 1,
      inputs: [
        { name: "", shape: [4, 2, 2, 2], dtype: "float32", from: { op: "firstMax" } },
        { name: "Sequential.4.weight", shape: [3, 2, 2, 2], strides: [8, 4, 2, 1], offset: 0 },
      ],
    });
    if (result.same || result.kind !== "value") throw new Error("not the kind");
    expect(result.got - result.expected).toBeCloseTo(1e-3, 6);
    expect(result.ulp).toBeGreaterThan(result.tolerance.ulp);
  });

  it("where reads come by promise and late, by a function that is async too", async () => {
    const step = async (): Promise<void> => {
      await (cnnStep() as undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
      cnnStep();
    };
    const found = await compareBackends(step, late(js()), late(strided()));
    expect(found).toMatchObject({ op: "conv", path: "Sequential.4 (Conv2d)", kind: "value" });
    const { index } = (await compareBackends(cnnStep, js(), strided())) as { index: number };
    expect(found).toHaveProperty("index", index);
  });

  it("in a scalar function, in one kernel", async () => {
    const wrong = withExprs(js(), (expr, kernel) =>
      expr.kind === "call" && expr.fn === "tanh" && kernel.name === "tanh"
        ? call("mul", expr, 1.0001)
        : expr,
    );
    const found = await compareBackends(cnnStep, js(), wrong);
    expect(found).toMatchObject({ kind: "value", op: "tanh", path: "Sequential.2 (Tanh)" });
  });

  it.each([
    [3, true],
    [7, false],
  ])("of %i ULP in a function that may be 4 off: same is %o", async (drift, same) => {
    const wrong = withResults(js(), (value, _dtype, _run, { name }) =>
      name === "tanh" ? value + drift * ulpOf32(value) : value,
    );
    const found = await compareBackends(mlpStep, js(), wrong);
    expect(found.same).toBe(same);
    if (!found.same) expect(found).toMatchObject({ op: "tanh", ulp: drift, tolerance: { ulp: 4 } });
    else expect(found.worst).toMatchObject({ op: "tanh", ulp: drift, path: "Sequential.1 (Tanh)" });
  });

  it("in a routine that drops the last element", async () => {
    const good = js();
    const wrong = altered(good, {
      routines: {
        ...good.routines,
        scatterAdd: (base, index, source, axis, output) => {
          good.routines?.scatterAdd?.(base, index, source, axis, output);
          const { layout, offset, buffer } = source;
          const last = layout.shape.reduce(
            (sum, n, d) => sum + (n - 1) * (layout.strides[d] ?? 0),
            0,
          );
          const [value = 0] = good.readSync?.(buffer, offset + last, 1) ?? [];
          const [row = 0] = good.readSync?.(index.buffer, index.offset, 1) ?? [];
          const end = output.offset + (row + 1) * (output.layout.strides[0] ?? 0) - 1;
          spoil(good, { ...output, offset: end }, -value);
        },
      },
    });
    const step = (): void => {
      const words = new Sequential(new Embedding(3, 4), new Tanh());
      words
        .forward(tensor([2, 2, 0, 2], { dtype: "int32" }))
        .sum()
        .backward();
    };
    expect(await compareBackends(step, js(), wrong)).toMatchObject({
      kind: "value",
      op: "scatterAdd",
      path: "Sequential.0 (Embedding)",
      phase: "backward",
      position: [2, 3],
    });
  });

  it("on transposed views only", async () => {
    const good = js();
    const wrong = altered(good, {
      compileKernel: (kernel) => {
        const compiled = good.compileKernel(kernel);
        return {
          run: (inputs, scalars, outputs) => {
            compiled.run(inputs, scalars, outputs);
            const isTransposed = inputs.some(
              ({ layout: { shape, strides } }) =>
                shape.length === 2 && strides[0] === 1 && (strides[1] ?? 0) > 1,
            );
            if (isTransposed) spoil(good, outputs[0] as Operand, 1);
          },
        };
      },
    });
    const views = (): unknown => [waves(3, 4).add(waves(3, 4)), waves(4, 3).T.exp()];
    expect(await compareBackends(views, js(), wrong)).toMatchObject({
      kind: "value",
      op: "exp",
      inputs: [{ shape: [3, 4], strides: [1, 3], from: { op: "upload" } }],
    });
  });

  it("in the backward pass of a pooling only", async () => {
    const wrong = wrongOverride(js(), "overlapAdd", () => true);
    expect(await compareBackends(cnnStep, js(), wrong)).toMatchObject({
      kind: "value",
      op: "overlapAdd",
      phase: "backward",
      derivativeOf: "windows",
      path: "Sequential.3 (MaxPool2d)",
    });
  });

  it("in the step of an optimizer, for one parameter", async () => {
    const wrong = withResults(js(), (value, _dtype, _run, { name }) =>
      name === "expm1" ? value * 1.01 : value,
    );
    expect(await compareBackends(mlpStep, js(), wrong)).toMatchObject({
      op: "expm1",
      path: "Adam.step",
      phase: "step",
    });
    const inOne = withResults(js(), (value, _dtype, { outputs }, { name }) =>
      name === "sub" && outputs[0]?.layout.size === 15 ? value + 1 : value,
    );
    expect(await compareBackends(mlpStep, js(), inOne)).toMatchObject({
      op: "sub",
      path: "Adam.step",
      inputs: [{ name: "Sequential.0.weight" }, { name: "" }],
    });
  });

  it("in an upload that flips a bit", async () => {
    const good = js();
    const wrong = altered(good, {
      upload: (data, dtype) => {
        const copy = data.slice();
        const bytes = new Uint8Array(copy.buffer);
        if (copy.length === 12) bytes.set([(bytes[8] ?? 0) ^ 1], 8);
        return good.upload(copy, dtype);
      },
    });
    expect(await compareBackends(mlpStep, js(), wrong)).toMatchObject({
      kind: "leaf",
      op: "upload",
      dtype: "float32",
      shape: [4, 3],
      position: [0, 2],
      ulp: 1,
      count: 1,
    });
    // Also one that arithmetic does not tell apart.
    const signs = altered(good, {
      upload: (data, dtype) =>
        good.upload(
          data.map((x) => (x === 0 ? -0 : x)),
          dtype,
        ),
    });
    expect(await compareBackends(() => tensor([1, 0]).add(1), js(), signs)).toMatchObject({
      kind: "leaf",
      position: [1],
      expected: 0,
      got: -0,
    });
  });

  it("in memory that is given away while it is in use", async () => {
    const giving = brokenBackends.find(({ fault }) => fault.includes("live array"));
    const found = await compareBackends(cnnStep, js(), giving?.wrap(js()) as Backend);
    expect(found).toMatchObject({ kind: "memory", operand: 0, dtype: "float32" });
    expect(formatDifference(found)).toMatch(
      /^operand 0 of \w+ is no longer what \w+ \(step \d+\) wrote/,
    );
  });

  it("in a kernel that writes to its operand", async () => {
    const good = js();
    const wrong = altered(good, {
      compileKernel: (kernel) => {
        const compiled = good.compileKernel(kernel);
        return {
          run: (inputs, scalars, outputs) => {
            compiled.run(inputs, scalars, outputs);
            if (kernel.name === "exp") spoil(good, inputs[0] as Operand, 1);
          },
        };
      },
    });
    const twice = (): unknown => tensor([0, 1]).mul(2).exp();
    expect(await compareBackends(twice, js(), wrong)).toMatchObject({
      kind: "memory",
      op: "exp",
      operand: 0,
      expected: 0,
      got: 1,
      inputs: [{ from: { op: "mul" }, values: [1, 2] }],
    });
  });

  it("that throws: as an error, with what should have run", async () => {
    const good = js();
    const refusing: OpOverride = {
      accepts: () => true,
      run: () => {
        throw new BackendError("conv", "no", { expected: "yes", got: "no" });
      },
    };
    const wrong = altered(good, { ops: { ...good.ops, conv: refusing } });
    const found = await compareBackends(cnnStep, js(), wrong);
    expect(found).toMatchObject({
      kind: "error",
      op: "conv",
      path: "Sequential.0 (Conv2d)",
      got: expect.any(BackendError),
      expected: expect.stringMatching(/^conv\(float32\[4, 1, 5, 5\] of \d+, float32/),
    });
    const backward = altered(good, { ops: { ...good.ops, convWeightGrad: refusing } });
    expect(await compareBackends(cnnStep, js(), backward)).toMatchObject({
      kind: "error",
      op: "convWeightGrad",
      phase: "backward",
      derivativeOf: "conv",
      path: "Sequential.4 (Conv2d)",
    });
  });

  it.each([
    ["lines up shorter operands at the first axis instead of the last", "conv"],
    ["leaves the last element out of a sum", "conv"],
    ["runs a kernel with the sizes it was first run with", "copy"],
    ["computes in float16", "copy"],
    ["computes int32 in float32, which saturates and has 24 bits", "randomBits"],
    ["numbers the elements column by column when it looks for the largest of a matrix", "argmax"],
  ])("when a backend %s: in %s", async (fault, op) => {
    const wrong = brokenBackends.find((each) => each.fault === fault)?.wrap(js()) as Backend;
    expect(await compareBackends(cnnStep, js(), wrong)).toMatchObject({ kind: "value", op });
  });
});

describe("what the function does differently is told", () => {
  it("other operations, another order, fewer and more of them", async () => {
    const other =
      (onFirst: (x: Tensor) => unknown, onSecond: (x: Tensor) => unknown) =>
      ({ name }: Backend): unknown =>
        (name === "js" ? onFirst : onSecond)(waves(2, 3));
    const compare = async (first: (x: Tensor) => unknown, second: (x: Tensor) => unknown) =>
      await compareBackends(other(first, second), js(), altered(js(), {}));
    expect(
      await compare(
        (x) => x.exp(),
        (x) => x.log(),
      ),
    ).toMatchObject({
      kind: "sequence",
      index: 1,
      op: "log",
      expected: "exp(float32[2, 3] of 0) -> float32[2, 3], attributes 0",
      got: "log(float32[2, 3] of 0) -> float32[2, 3], attributes 0",
      inputs: [{ shape: [2, 3], from: { index: 0, op: "upload" } }],
    });
    expect(
      await compare(
        (x) => x.sum(0),
        (x) => x.sum(0, { keepdims: true }),
      ),
    ).toMatchObject({
      kind: "sequence",
      op: "sum",
    });
    expect(
      await compare(
        (x) => x.T.at(0),
        (x) => x.T.at(1),
      ),
    ).toMatchObject({ kind: "sequence" });
    expect(
      await compare(
        (x) => x.exp().add(x),
        (x) => x.exp(),
      ),
    ).toMatchObject({
      kind: "sequence",
      op: "add",
      got: "the end",
    });
    expect(
      await compare(
        (x) => x.exp(),
        (x) => x.exp().add(x),
      ),
    ).toMatchObject({
      kind: "sequence",
      op: "add",
      expected: "the end",
    });
    // The same operations with operands that come from elsewhere.
    const crossed = (x: Tensor): unknown => [x.exp(), x.sin()].reduce((a, b) => a.sub(b));
    const swapped = (x: Tensor): unknown => [x.exp(), x.sin()].reduce((a, b) => b.sub(a));
    expect(await compare(crossed, swapped)).toMatchObject({ kind: "sequence", op: "sub" });
  });

  it("other numbers and other arrays, unless they may differ", async () => {
    const feedBack = async ({ name }: Backend): Promise<unknown> => {
      const value = (await waves(3).sum().item()) * (name === "js" ? 1 : 1 + 2 ** -30);
      return waves(3).mul(value);
    };
    const [a, b] = [js(), altered(js(), {})];
    expect(await compareBackends(feedBack, a, b)).toMatchObject({
      kind: "leaf",
      op: "mul",
      operand: 1,
      position: [],
    });
    const rebuild = async ({ name }: Backend): Promise<unknown> =>
      tensor([1, (await waves(3).sum().item()) + (name === "js" ? 0 : 2 ** -22)]).exp();
    expect(await compareBackends(rebuild, a, b)).toMatchObject({
      kind: "leaf",
      op: "tensor",
      position: [1],
    });
    const tolerance = (op: string) =>
      op === "leaf" ? { ulp: 2 ** 24, floor: 1, reason: "read back" } : undefined;
    for (const fn of [feedBack, rebuild]) {
      expect(await compareBackends(fn, a, b, { tolerance })).toMatchObject({ same: true });
    }
  });

  it("and a tolerance of the user's replaces the usual one", async () => {
    const tolerance = (op: string) =>
      op === "conv" ? { ulp: Number.POSITIVE_INFINITY, floor: 0, reason: "known" } : undefined;
    const found = await compareBackends(cnnStep, js(), strided(), { tolerance });
    expect(found).toMatchObject({ same: true, worst: { op: "conv" } });
  });
});

describe("paths", () => {
  class Block extends Module {
    readonly conv: Conv2d = new Conv2d(1, 1, 3, { padding: 1 });
    forward(x: Tensor): Tensor {
      return this.conv.forward(x).tanh();
    }
  }
  class Net extends Module {
    readonly blocks: readonly Block[] = [new Block(), new Block()];
    readonly #hidden: Linear = new Linear(9, 4);
    forward(x: Tensor): Tensor {
      const y = this.blocks.reduce((z, block) => block.forward(z), x);
      return this.#hidden.forward(y.flatten(1));
    }
  }
  const pathOf = async (name: string, fn: () => unknown): Promise<string> => {
    const wrong = withResults(js(), (value, _dtype, _run, kernel) =>
      kernel.name === name ? value + 1 : value,
    );
    const found = await compareBackends(fn, js(), wrong);
    return found.same ? "none" : `${found.op}: ${found.path}`;
  };

  it("are made of property names, and of classes where there are none", async () => {
    const run = (): Tensor => new Net().forward(waves(2, 1, 3, 3));
    expect(await pathOf("conv", run)).toBe("conv: Net.blocks.0.conv (Conv2d)");
    expect(await pathOf("tanh", run)).toBe("tanh: Net.blocks.0 (Block)");
    expect(await pathOf("matmul", run)).toBe("matmul: Net > Linear");
    expect(await pathOf("exp", () => waves(2).exp())).toBe("exp: ");
  });

  it("of what was made before are not known, and such modules are left as they are", async () => {
    const before = withBackend(js(), () => new Linear(3, 4));
    let made: Module | undefined;
    const run = (backend: Backend): unknown => {
      made = new Linear(3, 4);
      return before.to(backend).then(() => before.forward(waves(2, 3)).exp());
    };
    const wrong = withResults(js(), (value, _dtype, _run, { name }) =>
      name === "exp" ? 0 : value,
    );
    expect(await compareBackends(run, js(), wrong)).toMatchObject({ op: "exp", path: "" });
    expect([before, made].map((module) => Object.hasOwn(module as Module, "forward"))).toEqual([
      false,
      false,
    ]);
  });

  it("of a derivative are those of its operation, also of one of second order", async () => {
    const second = (): unknown => {
      const layer = new Tanh();
      const slope = grad((x: Tensor) => layer.forward(x).sum());
      return grad((x: Tensor) => slope(x).square().sum())(waves(4));
    };
    expect(await pathOf("tanhSlope", second)).toBe("tanhSlope: Tanh");
  });
});

describe("it refuses", () => {
  const refusal = async (run: Promise<unknown>): Promise<string> =>
    await run.then(
      () => "nothing",
      (error: unknown) => String(error),
    );

  test("the same backend twice", async () => {
    const backend = js();
    expect(await refusal(compareBackends(mlpStep, backend, backend))).toBe(
      'BackendError: [compareBackends] two backends are compared: expected two backends, made by two calls of a factory at least, got "js" twice.',
    );
  });

  test("a closed backend on either side", async () => {
    const closed = js();
    await closed.close();
    for (const pair of [
      [closed, js()],
      [js(), closed],
    ] as const) {
      expect(await refusal(compareBackends(mlpStep, ...pair))).toMatch(
        /^BackendError: \[js\] a closed backend cannot be used/,
      );
    }
  });

  test("a promise of a backend, and what is none", async () => {
    expect(await refusal(compareBackends(mlpStep, js(), tfjs() as never))).toMatch(
      /^BackendError: .*got a Promise\. Await the factory\.$/,
    );
    expect(await refusal(compareBackends(mlpStep, js as never, js()))).toMatch(/^BackendError: /);
    expect(await refusal(compareBackends(waves(2) as never, js(), js()))).toMatch(
      /^ValueError: \[compareBackends\] what is compared is a function/,
    );
  });

  test("a function that computes nothing on the backend", async () => {
    const elsewhere = tensor([1]);
    expect(await refusal(compareBackends(() => elsewhere.add(1), js(), js()))).toMatch(
      /^ValueError: \[compareBackends\] the function must compute on the backend it is given/,
    );
  });

  test("a second comparison before the first is done", async () => {
    const slow = async (): Promise<void> => {
      waves(2).exp();
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const first = compareBackends(slow, js(), js());
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await refusal(compareBackends(slow, js(), js()))).toMatch(
      /^ValueError: \[observe\] there is one observer at a time/,
    );
    expect(await first).toMatchObject({ same: true });
  });

  test("what the function itself throws on the first backend, as it is", async () => {
    const problem = new ValueError("step", "no", { expected: "a", got: "b" });
    const failing = (): never => {
      waves(2).exp();
      throw problem;
    };
    await expect(compareBackends(failing, js(), js())).rejects.toBe(problem);
  });

  test("and leaves backend and random numbers as they were, whatever happens", async () => {
    const before = getBackend();
    manualSeed(5);
    const state = defaultGenerator().getState();
    const other = ({ name }: Backend): unknown => (name === "js" ? waves(2).exp() : waves(2).log());
    await compareBackends(mlpStep, js(), js());
    await compareBackends(other, js(), altered(js(), {}));
    await refusal(compareBackends(() => Promise.reject(new Error("no")), js(), js()));
    expect(getBackend()).toBe(before);
    expect(defaultGenerator().getState()).toEqual(state);
    expect(await compareBackends(mlpStep, js(), js())).toMatchObject({ same: true });
  });
});

describe("formatDifference", () => {
  it("says where, what, how far and of which operands", async () => {
    const step = (): unknown => {
      const layer = new Linear(2, 1, {
        weightInit: tensor([[1, 2]]),
        biasInit: tensor([0.5]),
      });
      const optimizer = new SGD(layer.parameters(), { lr: 1 });
      mse(layer.forward(tensor([[3, 4]])), tensor([[1]])).backward();
      return optimizer.step();
    };
    const wrong = withResults(js(), (value, _dtype, _run, { name }) =>
      name === "matmul" ? value + 0.5 : value,
    );
    expect(formatDifference(await compareBackends(step, js(), wrong))).toMatchInlineSnapshot(`
      "matmul gives something else, step 7 in Linear
        element   [0, 0] of float32[1, 1]: expected 11, got 11.5
        distance  524288 ULP, allowed 5: sums in an order of the backend's choice: n/2 units of the sum of absolute values
        operand 0  float32[1, 2] of upload (step 5), strides [2, 1] from 0: 3, 4
        operand 1  Linear.weight, float32[2, 1] of copy (step 2), strides [1, 2] from 0: 1, 2"
    `);
    expect(formatDifference(await compareBackends(step, js(), js()))).toMatchInlineSnapshot(
      `"no difference in 22 operations"`,
    );
  });
});

/** The unit in the last place of a float32 number. */
function ulpOf32(x: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(x))) - 23);
}
