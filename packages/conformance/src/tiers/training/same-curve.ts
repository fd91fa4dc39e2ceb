// Whole trainings from one seed, on the backend under test and on the shipped interpreter: weights,
// shuffles and masks are drawn on the way, and nothing is read before the end.

import {
  type Backend,
  Generator,
  randn,
  randperm,
  stack,
  type Tensor,
  take,
  tensor,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import * as nn from "@chainrule/nn";
import {
  Adam,
  AdamW,
  type AnyOptimizer,
  CosineAnnealingLR,
  clipGradNorm,
  SGD,
} from "@chainrule/optim";
import { eager } from "../../both-ways.js";
import type { Bench, Check, Way } from "../../check.js";
import { ensure } from "../../verify.js";
import { floatCheck } from "../layers/float-check.js";
import { seeded } from "./same-seed.js";

/** A training: what is learned by what, and how long. */
interface Training {
  readonly title: string;
  readonly steps: number;
  /** How much of the first loss is left at the end at most, as the mean of the last steps. */
  readonly left: number;
  readonly start: (backend: Backend) => Setup;
}

interface Setup {
  readonly model: nn.Module;
  readonly optimizer: AnyOptimizer;
  /** Examples and their targets, along the first axis. */
  readonly x: Tensor;
  readonly target: Tensor;
  readonly batch: number;
  readonly lossOf: (prediction: Tensor, target: Tensor) => Tensor;
  /** Between the gradients and the update, and after it. */
  readonly before?: () => void;
  readonly after?: () => void;
}

const trainings: readonly Training[] = [
  { title: "pictures by a CNN with dropout, Adam", steps: 40, left: 0.4, start: pictures },
  { title: "words by an embedding, AdamW", steps: 40, left: 0.3, start: words },
  { title: "XOR by an MLP, SGD", steps: 150, left: 0.01, start: xor },
];

/** The checks of trainings from a seed. */
export function sameCurveChecks(): Check[] {
  return trainings.map((training) =>
    floatCheck(
      5,
      `same seed, training > float32 > ${training.title}`,
      "float32",
      (bench) => followsInterpreter(bench, training),
      { compiles: true },
    ),
  );
}

/** 18 noisy pictures of 6 by 6, in which a bar lies, stands or is missing. */
function pictures(backend: Backend): Setup {
  const noise = randn([18, 6, 6], { generator: new Generator(1), backend }).mul(0.25);
  const bars = Array.from({ length: 18 }, (_, n) =>
    Array.from({ length: 6 }, (_, row) =>
      Array.from({ length: 6 }, (_, column) =>
        Number((n % 3 === 1 && row === n % 6) || (n % 3 === 2 && column === n % 6)),
      ),
    ),
  );
  const model = new nn.Sequential(
    new nn.Conv2d(1, 3, 3, { bias: false, backend }),
    new nn.BatchNorm2d(3, { backend }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Dropout(0.25),
    new nn.Linear(12, 3, { backend }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  const schedule = new CosineAnnealingLR(optimizer, { tMax: 40, etaMin: 0.001 });
  return {
    model,
    optimizer,
    x: noise.add(tensor(bars, { backend })).expandDims(1),
    target: tensor(
      Int32Array.from(bars, (_, n) => n % 3),
      { backend },
    ),
    batch: 6,
    lossOf: nn.crossEntropy,
    after: () => schedule.step(),
  };
}

/** Sentences of three of seven words, where one of two decides. */
function words(backend: Backend): Setup {
  const sentences = Array.from({ length: 16 }, (_, n) => [n % 2, 2 + (n % 5), 2 + (n % 3)]);
  const order = new Generator(2);
  const mixed = sentences.map((words) => Array.from(order.permutation(3), (i) => words[i] ?? 0));
  const model = new nn.Sequential(
    new nn.Embedding(7, 4, { backend }),
    new nn.LayerNorm(4, { backend }),
    new nn.Flatten(),
    new nn.Maxout(12, 6, 2, { backend }),
    new nn.Dropout(0.1),
    new nn.PReLU(1, { backend }),
    new nn.Linear(6, 2, { backend }),
  );
  const optimizer = new AdamW(model.parameters(), { lr: 0.05, weightDecay: 0.05 });
  return {
    model,
    optimizer,
    x: tensor(mixed, { backend, dtype: "int32" }),
    target: tensor(
      Int32Array.from(sentences, (_, n) => n % 2),
      { backend },
    ),
    batch: 8,
    lossOf: (logits, target) => nn.crossEntropy(logits, target, { labelSmoothing: 0.05 }),
    before: () => {
      clipGradNorm(model.parameters(), 1);
    },
  };
}

function xor(backend: Backend): Setup {
  const model = new nn.Sequential(
    new nn.Linear(2, 4, { backend }),
    new nn.Tanh(),
    new nn.Linear(4, 1, { backend }),
  );
  return {
    model,
    optimizer: new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 }),
    x: tensor([0, 0, 0, 1, 1, 0, 1, 1], { shape: [4, 2], backend }),
    target: tensor([0, 1, 1, 0], { shape: [4, 1], backend }),
    batch: 4,
    lossOf: nn.bceWithLogits,
  };
}

/** The losses of all steps, and then what parameters and buffers have become. */
async function trained(
  training: Training,
  backend: Backend,
  way: Way,
): Promise<Record<string, number[]>> {
  const { losses, state } = seeded(13, () => train(training, backend, way));
  const results = { losses: stack(losses), ...state };
  const read = Object.entries(results).map(
    async ([name, x]) => [name, Array.from(await x.data(), Number)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

function train(
  { steps, start }: Training,
  backend: Backend,
  { prepared }: Way,
): { losses: Tensor[]; state: nn.StateDict } {
  const { model, optimizer, x, target, batch, lossOf, before, after } = start(backend);
  const [count = 0] = x.shape;
  const losses: Tensor[] = [];
  const descend = prepared((rows: Tensor) => {
    const loss = lossOf(model.forward(take(x, rows)), take(target, rows));
    optimizer.zeroGrad();
    loss.backward();
    before?.();
    optimizer.step();
    return loss.detach();
  });
  let order = randperm(count, { backend });
  for (let step = 0; step < steps; step++) {
    const first = (step * batch) % count;
    if (first === 0 && step > 0) order = randperm(count, { backend });
    const rows = order.at({ start: first, stop: first + batch });
    losses.push(descend(rows));
    after?.();
  }
  return { losses, state: model.stateDict() };
}

/**
 * Rounding on the way adds up to 2e-6 of 1 when every function of a kernel is off by one unit in the
 * last place, and to 8e-6 when it is off by four, as those of GPUs are. Nothing that matters is as small.
 */
const band = 1e-5;

async function followsInterpreter(bench: Bench, training: Training): Promise<void> {
  const got = await trained(training, bench.backend, bench);
  const expected = await trained(training, interpreter(), eager);
  for (const [name, wanted] of Object.entries(expected)) {
    for (const [i, value] of wanted.entries()) {
      const distance = Math.abs((got[name]?.[i] ?? Number.NaN) - value);
      ensure(
        distance <= band * Math.max(1, Math.abs(value)),
        `${name}, element ${i}: expected ${value}, got ${got[name]?.[i]} (${distance.toPrecision(2)} off)`,
      );
    }
  }
  const curve = got.losses ?? [];
  const last = curve.slice(-5).reduce((sum, loss) => sum + loss, 0) / 5;
  const left = last / (curve[0] ?? Number.NaN);
  ensure(left <= training.left, `learns too little: ${left} of the first loss is left`);
}
