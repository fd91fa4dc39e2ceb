import {
  type Backend,
  interpreter,
  manualSeed,
  noGrad,
  setBackend,
  tensor,
} from "../../packages/core/src/index.js";
import { generateJavaScript } from "../../packages/kernel/src/generate/javascript.js";
import { Linear, mse, Sequential, Sigmoid } from "../../packages/nn/src/index.js";
import { SGD } from "../../packages/optim/src/index.js";

const b = interpreter();
let n = 0;
const backend: Backend = {
  ...b,
  name: "js",
  compileKernel: (k) => {
    n++;
    const f = new Function("return " + generateJavaScript(k))();
    return { run: f };
  },
};
setBackend(backend);
manualSeed(0);
const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
  y = tensor([[1], [0], [0], [1]]);
const model = new Sequential(new Linear(2, 4), new Sigmoid(), new Linear(4, 1), new Sigmoid());
const opt = new SGD(model.parameters(), { lr: 0.5 });
const step = () => {
  opt.zeroGrad();
  const l = mse(model.forward(x), y);
  l.backward();
  opt.step();
  return l.itemSync();
};
console.log(step());
console.log(n);
step();
console.log(n);
for (let r = 0; r < 4; r++) {
  const t = process.cpuUsage().user / 1000;
  let l = 0;
  for (let i = 0; i < 60000; i++) l = step();
  console.log(Math.round((60000 / (process.cpuUsage().user / 1000 - t)) * 1000), "steps/s", l, n);
}
