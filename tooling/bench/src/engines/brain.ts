// brain.js as its users write it: online updates, so other work than the rest.

import { type INeuralNetworkTrainingData, NeuralNetwork } from "brain.js";
import { type Runner, trainingRunner } from "../runner.js";
import { serve } from "../serve.js";
import type { Batch, HostArray, Training } from "../task.js";

serve(() => ({ training }));

function training(task: Training): Runner {
  const linear = task.layers.filter((layer) => layer.name === "linear");
  const activation = task.layers.some((layer) => layer.name === "sigmoid") ? "sigmoid" : "relu";
  const net = new NeuralNetwork();
  net.fromJSON({
    sizes: [linear[0]?.inputs ?? 0, ...linear.map(({ outputs }) => outputs)],
    layers: [
      nodes(linear[0]?.inputs ?? 0, () => ({})),
      ...linear.map(({ inputs, outputs }, i) => {
        const weight = task.parameters[2 * i] as HostArray;
        const bias = task.parameters[2 * i + 1] as HostArray;
        return nodes(outputs, (node) => ({
          bias: bias.data[node],
          weights: [...weight.data.subarray(node * inputs, (node + 1) * inputs)],
        }));
      }),
    ],
    inputLookup: false,
    outputLookup: false,
    activation,
    trainOpts: {},
  });
  const options = {
    iterations: 1,
    // It wants both above 0.
    errorThresh: 1e-12,
    momentum: 1e-12,
    // An example moves the weights by its share of a mean.
    learningRate: task.optimizer.lr / (task.batches[0]?.x.shape[0] ?? 1),
  };
  const outputs = linear.at(-1)?.outputs ?? 0;
  return trainingRunner(
    // Its data are lists of numbers of JavaScript, made beforehand.
    { ...task, resident: true },
    {
      give: (batch) => examples(batch, outputs),
      step: (data) => net.train(data, options).error,
    },
  );
}

function nodes(count: number, node: (index: number) => object): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [i, node(i)]));
}

function examples({ x, y }: Batch, outputs: number): INeuralNetworkTrainingData[] {
  const [rows = 0, inputs = 0] = x.shape;
  return Array.from({ length: rows }, (_, row) => {
    const target = y?.data[row] ?? 0;
    const output =
      outputs === 1 ? [target] : Array.from({ length: outputs }, (_, i) => Number(i === target));
    return { input: [...x.data.subarray(row * inputs, (row + 1) * inputs)], output };
  });
}
