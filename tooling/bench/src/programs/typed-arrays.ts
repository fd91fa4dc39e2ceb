import { handWrittenMlp } from "../yardsticks/mlp.js";
import { blocked } from "../yardsticks/products.js";
import { batch, labels, lr, parameters, x } from "./data.js";

const weights = [0, 1, 2].map((layer) => ({
  weight: parameters[2 * layer]?.data ?? new Float32Array(),
  bias: parameters[2 * layer + 1]?.data ?? new Float32Array(),
}));
console.log(handWrittenMlp([784, 128, 64, 10], weights, batch, lr, blocked)(x, labels));
