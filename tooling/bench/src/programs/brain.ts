// Other work than the rest, and weights of its own: what it is built for.

import { NeuralNetwork } from "brain.js";
import { batch, labels, lr, x } from "./data.js";

const rows = Array.from({ length: batch }, (_, row) => ({
  input: [...x.subarray(row * 784, (row + 1) * 784)],
  output: Array.from({ length: 10 }, (_, i) => Number(i === labels[row])),
}));
const net = new NeuralNetwork({ hiddenLayers: [128, 64], activation: "relu" });
console.log(net.train(rows, { iterations: 1, learningRate: lr / batch }).error);
