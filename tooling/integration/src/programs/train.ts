// Trains for many steps and prints what became of the memory, as one line of JSON. A program of its
// own: the peak of a process is not to be told apart from that of the tests around it.
//
//   train.ts peak|counts  xnor|digits|xnor-compiled|digits-compiled  STEPS  MARK
//
// peak    never awaits; the highest resident size at step MARK and at the end, in bytes
// counts  awaits a macrotask every 100 steps; live storages every MARK steps (needs --expose-gc)

import {
  compile,
  crossEntropy,
  Linear,
  type Module,
  manualSeed,
  memory,
  mse,
  ReLU,
  randint,
  randn,
  Sequential,
  SGD,
  Sigmoid,
  type Tensor,
  trackMemory,
  xnor,
} from "chainrule";

const [mode, task = "", steps = "0", mark = "0"] = process.argv.slice(2);
const isCompiled = task.endsWith("-compiled");
manualSeed(0);
if (mode === "counts") trackMemory(true);
const step = task.startsWith("xnor") ? learnXnor() : learnDigits();
console.log(JSON.stringify(mode === "counts" ? await counts() : peaks()));

function peaks(): { readonly marked: number; readonly last: number } {
  const highest = (): number => process.resourceUsage().maxRSS * 1024;
  for (let i = 0; i < Number(mark); i++) step();
  const marked = highest();
  for (let i = Number(mark); i < Number(steps); i++) step();
  return { marked, last: highest() };
}

async function counts(): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 1; i <= Number(steps); i++) {
    step();
    if (i % 100 === 0) await macrotask();
    if (i % Number(mark) === 0) seen.push(await settledCount());
  }
  return seen;
}

/** The count once the collector has run and has reported, which it does in tasks of its own. */
async function settledCount(): Promise<number> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return memory().storages;
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function learnXnor(): () => void {
  const { x, y } = xnor();
  const model = new Sequential(new Linear(2, 4), new Sigmoid(), new Linear(4, 1), new Sigmoid());
  return learn(model, () => mse(model.forward(x), y));
}

/** One batch of 64 made-up images; a narrow layer, as the time goes into the product. */
function learnDigits(): () => void {
  const x = randn([64, 784]);
  const labels = randint(0, 10, [64]);
  const model = new Sequential(new Linear(784, 16), new ReLU(), new Linear(16, 10));
  return learn(model, () => crossEntropy(model.forward(x), labels));
}

function learn(model: Module, lossOf: () => Tensor): () => Tensor {
  const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const step = (): Tensor => {
    const loss = lossOf();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
  return isCompiled ? compile(step, { warn: () => {} }) : step;
}
