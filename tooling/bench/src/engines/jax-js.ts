// jax-js as its users write it: pure functions under jit, weights [in, out]. Whoever is given an array
// owns it and uses it up; `.ref` keeps it for another use.

import {
  defaultDevice,
  grad,
  init,
  type Array as JaxArray,
  jit,
  lax,
  nn,
  numpy as np,
  valueAndGrad,
} from "@jax-js/jax";
import { type Runner, type Tasks, trainingRunner } from "../runner.js";
import { serve } from "../serve.js";
import type { Call, FunctionName, HostArray, Training } from "../task.js";
import { layerNorm, layersOf, type Params } from "./jax-js-layers.js";

serve(async (): Promise<Tasks> => {
  await init("wasm");
  defaultDevice("wasm");
  return { training, call };
});

function given({ data, shape }: HostArray<Float32Array | Int32Array>): JaxArray {
  return np.array(data, { shape: [...shape] });
}

function training(task: Training): Runner {
  const { params, forward } = layersOf(task);
  const loss = (weights: Params, x: JaxArray, y: JaxArray): JaxArray =>
    lossOf(task, forward(weights, x), y);
  const update = jit((weights: Params, state: Params, x: JaxArray, y: JaxArray) => {
    const kept = weights.map((weight) => weight.ref);
    const [value, slopes] = valueAndGrad(loss)(kept, x, y) as [JaxArray, Params];
    const next = task.optimizer.name === "adam" ? adam : sgd;
    return [value, ...next(weights, slopes, state, task.optimizer.lr)] as const;
  });
  let weights = params;
  let state = task.optimizer.name === "adam" ? adamState(params) : [];
  return trainingRunner(task, {
    // Without a target the loss ignores an empty one.
    give: ({ x, y }) => ({ x: given(x), y: y === null ? np.zeros([]) : given(y) }),
    step: ({ x, y }) => {
      const [value, nextWeights, nextState] = update(weights, state, x.ref, y.ref);
      weights = nextWeights;
      state = nextState;
      return value.dataSync()[0] ?? Number.NaN;
    },
    release: ({ x, y }) => {
      x.dispose();
      y.dispose();
    },
  });
}

function lossOf({ loss }: Training, output: JaxArray, target: JaxArray): JaxArray {
  if (loss === "crossEntropy") {
    const [rows = 1, classes = 0] = output.shape;
    const chosen = nn.logSoftmax(output).mul(nn.oneHot(target, classes));
    return chosen.sum().mul(-1 / rows);
  }
  if (loss === "squaredError") return np.square(output.sub(target)).mean();
  target.dispose();
  return np.square(output).mean();
}

function sgd(weights: Params, slopes: Params, state: Params, lr: number): [Params, Params] {
  return [weights.map((weight, i) => weight.sub(at(slopes, i).mul(lr))), state];
}

/** β₁ᵗ and β₂ᵗ, then the two averages of each weight. */
function adamState(weights: Params): Params {
  const zeros = weights.flatMap(({ shape }) => [np.zeros(shape), np.zeros(shape)]);
  return [np.array(1), np.array(1), ...zeros];
}

function adam(weights: Params, slopes: Params, state: Params, lr: number): [Params, Params] {
  const power1 = at(state, 0).mul(0.9);
  const power2 = at(state, 1).mul(0.999);
  const next = [power1.ref, power2.ref];
  const moved = weights.map((weight, i) => {
    const slope = at(slopes, i);
    const m = at(state, 2 + 2 * i)
      .mul(0.9)
      .add(slope.ref.mul(1 - 0.9));
    const v = at(state, 3 + 2 * i)
      .mul(0.999)
      .add(np.square(slope).mul(1 - 0.999));
    next.push(m.ref, v.ref);
    const direction = m.div(np.subtract(1, power1.ref));
    const size = np.sqrt(v.div(np.subtract(1, power2.ref))).add(1e-8);
    return weight.sub(direction.div(size).mul(lr));
  });
  power1.dispose();
  power2.dispose();
  return [moved, next];
}

function at(arrays: Params, index: number): JaxArray {
  const array = arrays[index];
  if (array === undefined) throw new Error(`no array ${index}`);
  return array;
}

function call(task: Call): Runner {
  const compute = functions[task.function];
  const inputs = task.inputs.map(given);
  const compiled = jit((...[a, b = a, c = a]: JaxArray[]) => {
    if (a === undefined || b === undefined || c === undefined) throw new Error("no inputs");
    return compute(a, b, c, task.stride ?? 1);
  });
  // Operations wait until somebody wants the result.
  const once = (): Promise<JaxArray> =>
    compiled(...inputs.map((input) => input.ref)).blockUntilReady();
  return {
    values: async () => (await once()).data(),
    run: async (times) => {
      for (let i = 0; i < times; i++) (await once()).dispose();
    },
  };
}

/** Uses up as many of its arguments as the function has. */
type Compute = (a: JaxArray, b: JaxArray, c: JaxArray, stride: number) => JaxArray;

const functions: Readonly<Record<FunctionName, Compute>> = {
  add: (a, b) => a.add(b),
  conv: (x, weight, _, stride) => convolution(x, weight, stride),
  convInputGradient: (x, weight, slope, stride) =>
    grad((leaf: JaxArray) => convolution(leaf, weight, stride).mul(slope).sum())(x),
  convWeightGradient: (x, weight, slope, stride) =>
    grad((leaf: JaxArray) => convolution(x, leaf, stride).mul(slope).sum())(weight),
  gelu: (x) => nn.gelu(x),
  layerNorm,
  matmul: (a, b) => np.matmul(a, b),
  relu: (x) => nn.relu(x),
  reshape: (x) => x.reshape([1, 1]),
  scale: (x) => x.mul(0.5),
  softmax: (x) => nn.softmax(x),
  sum: (x) => x.sum(),
  transpose: (x) => x.transpose(),
};

function convolution(x: JaxArray, weight: JaxArray, stride: number): JaxArray {
  return lax.conv(x, weight, [stride, stride], "VALID");
}
