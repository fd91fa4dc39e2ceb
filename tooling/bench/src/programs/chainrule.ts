import { crossEntropy, Linear, ReLU, Sequential, SGD, tensor } from "chainrule";
import { batch, labels, lr, parameters, x } from "./data.js";

const model = new Sequential(
  new Linear(784, 128),
  new ReLU(),
  new Linear(128, 64),
  new ReLU(),
  new Linear(64, 10),
);
const names = Object.keys(model.stateDict());
model.loadStateDict(
  Object.fromEntries(
    parameters.map(({ data, shape }, i) => [names[i] ?? "", tensor(data, { shape })]),
  ),
);
const optimizer = new SGD(model.parameters(), { lr });

const loss = crossEntropy(model.forward(tensor(x, { shape: [batch, 784] })), tensor(labels));
loss.backward();
optimizer.step();
console.log(loss.itemSync());
