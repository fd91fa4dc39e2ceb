// Ours, on any backend that reads synchronously: models of @chainrule/nn, as a user would write them.

import {
  Adam,
  assign,
  type Backend,
  Conv2d,
  conv,
  crossEntropy,
  Flatten,
  Linear,
  layerNorm,
  MaxPool2d,
  type Module,
  mse,
  ReLU,
  Sequential,
  SGD,
  Sigmoid,
  type Tensor,
  tensor,
} from "chainrule";
import { callRunner, type Runner, type Tasks, trainingRunner } from "../runner.js";
import type { Call, FunctionName, HostArray, Layer, Training } from "../task.js";
import { gelu, Lstm, Transformer } from "./chainrule-layers.js";

type AnyArray = HostArray<Float32Array | Int32Array>;

/** A training step: the loss before it, of a batch and its targets. */
export type Step = (x: Tensor, y: Tensor | null) => Tensor;

/** All tasks on `backend`; `ready` makes a step what is called many times. */
export function chainrule(backend: Backend, ready: (step: Step) => Step = (step) => step): Tasks {
  return {
    training: (task) => training(task, backend, ready),
    call: (task) => call(task, backend),
  };
}

function given({ data, shape }: AnyArray, backend: Backend): Tensor {
  return tensor(data, { shape, backend });
}

function training(task: Training, backend: Backend, ready: (step: Step) => Step): Runner {
  const model = new Sequential(...task.layers.map((layer) => moduleOf(layer, backend)));
  for (const [i, weight] of [...model.parameters()].entries()) {
    assign(weight, given(task.parameters[i] as HostArray, backend));
  }
  const { name, lr } = task.optimizer;
  const optimizer = new { adam: Adam, sgd: SGD }[name](model.parameters(), { lr });
  const step = ready((x, y) => {
    optimizer.zeroGrad();
    const loss = lossOf(task, model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  return trainingRunner(task, {
    give: ({ x, y }) => ({ x: given(x, backend), y: y === null ? null : given(y, backend) }),
    step: ({ x, y }) => step(x, y).itemSync(),
  });
}

function moduleOf(layer: Layer, backend: Backend): Module {
  switch (layer.name) {
    case "linear":
      return new Linear(layer.inputs, layer.outputs, { backend });
    case "conv":
      return new Conv2d(layer.inChannels, layer.outChannels, layer.window, { backend });
    case "maxPool":
      return new MaxPool2d(layer.window);
    case "flatten":
      return new Flatten();
    case "relu":
      return new ReLU();
    case "sigmoid":
      return new Sigmoid();
    case "lstm":
      return new Lstm(layer, backend);
    case "transformer":
      return new Transformer(layer, backend);
  }
}

function lossOf({ loss }: Training, output: Tensor, target: Tensor | null): Tensor {
  if (loss === "meanSquare") return output.square().mean();
  if (target === null) throw new Error(`${loss} needs targets`);
  return loss === "crossEntropy" ? crossEntropy(output, target) : mse(output, target);
}

function call(task: Call, backend: Backend): Runner {
  const [a, b = a, c = a] = task.inputs.map((input) => given(input, backend));
  if (a === undefined || b === undefined || c === undefined) throw new Error("no inputs");
  const once = functions[task.function](a, b, c, task.stride ?? 1);
  return callRunner(once, (result) => result.dataSync());
}

/** Makes a function ready to be called. */
type Prepare = (a: Tensor, b: Tensor, c: Tensor, stride: number) => () => Tensor;

const functions: Readonly<Record<FunctionName, Prepare>> = {
  add: (a, b) => () => a.add(b),
  conv: (x, weight, _, stride) => () => conv(x, weight, { stride }),
  convInputGradient: (x, weight, slope, stride) => {
    const leaf = x.detach();
    leaf.requiresGrad = true;
    return gradientOf(leaf, conv(leaf, weight, { stride }), slope);
  },
  convWeightGradient: (x, weight, slope, stride) => {
    const leaf = weight.detach();
    leaf.requiresGrad = true;
    return gradientOf(leaf, conv(x, leaf, { stride }), slope);
  },
  gelu: (x) => () => gelu(x),
  layerNorm: (x) => () => layerNorm(x, x.shape.at(-1) ?? 1),
  matmul: (a, b) => () => a.matmul(b),
  relu: (x) => () => x.relu(),
  reshape: (x) => () => x.reshape([1, 1]),
  scale: (x) => () => x.mul(0.5),
  softmax: (x) => () => x.softmax(),
  sum: (x) => () => x.sum(),
  transpose: (x) => () => x.T.copy(),
};

/** The backward pass alone: the graph is made once and kept. */
function gradientOf(leaf: Tensor, result: Tensor, slope: Tensor): () => Tensor {
  return () => {
    leaf.grad = null;
    result.backward({ gradient: slope, retainGraph: true });
    if (leaf.grad === null) throw new Error("no gradient");
    return leaf.grad;
  };
}
