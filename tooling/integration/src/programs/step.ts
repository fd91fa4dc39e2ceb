// What a user's first file looks like: one training step, and the loss before and after it.

import { Linear, mse, SGD, tensor, zeros } from "chainrule";

const x = tensor([[1], [2]]);
const y = tensor([[2], [4]]);
const model = new Linear(1, 1, { bias: false, weightInit: (shape) => zeros(shape) });
const loss = (): number => mse(model.forward(x), y).itemSync();
const before = loss();
mse(model.forward(x), y).backward();
new SGD(model.parameters(), { lr: 0.2 }).step();
console.log(before, loss());
