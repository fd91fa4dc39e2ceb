// What becomes of a backend when its GPU goes away, and how it trains while it is there.

import { gpujs } from "@chainrule/backend-gpujs";
import {
  type Backend,
  crossEntropy,
  js,
  Linear,
  manualSeed,
  ReLU,
  Sequential,
  SGD,
  tensor,
  withBackend,
} from "chainrule";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
});

/** As much of the DOM as is used here; these tests share a program with sources that have none. */
interface Canvas {
  getContext?(mode: string): { getExtension(name: string): { loseContext(): void } | null } | null;
}
const { document } = globalThis as unknown as {
  document: { createElement(name: string): Canvas };
};

/** A backend and the canvases that were made for it. */
async function open(mode: "auto" | "webgl2" | "webgl"): Promise<[Backend, Canvas[]]> {
  const made: Canvas[] = [];
  const create = document.createElement.bind(document);
  vi.spyOn(document, "createElement").mockImplementation((name) => {
    const element = create(name);
    made.push(element);
    return element;
  });
  const backend = await gpujs({ mode });
  vi.restoreAllMocks();
  return [backend, made.filter((each) => each.getContext !== undefined)];
}

/** The losses of a few steps. */
async function curve(backend: Backend): Promise<number[]> {
  const [model, x, y] = withBackend(backend, () => {
    manualSeed(1);
    return [
      new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 3)),
      tensor(Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3].map((j) => Math.sin(3 * i + j)))),
      tensor(Int32Array.from({ length: 12 }, (_, i) => i % 3)),
    ] as const;
  });
  const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(Number(await loss.item()));
  }
  return losses;
}

test("auto takes WebGL2 in a page and says so", async () => {
  const [backend] = await open("auto");
  expect(backend.info()).toMatchObject({
    device: "gpu.js, mode webgl2",
    features: { webgl2: "on: the first that works" },
  });
  await backend.close();
});

describe.each(["webgl2", "webgl"] as const)("in mode %s", (mode) => {
  test("training follows the losses of js", async () => {
    const [backend] = await open(mode);
    const expected = await curve(js());
    for (const [step, loss] of (await curve(backend)).entries())
      expect(Math.abs(loss - (expected[step] ?? 0))).toBeLessThan(1e-5);
    await backend.close();
  });

  test("a lost context is an error, not a number", async () => {
    const [backend, canvases] = await open(mode);
    const x = tensor([1, 2, 3], { backend });
    expect(await x.mul(2).array()).toEqual([2, 4, 6]);
    for (const canvas of canvases)
      canvas.getContext?.(mode)?.getExtension("WEBGL_lose_context")?.loseContext();
    for (const use of [
      () => x.mul(2),
      () => x.exp(),
      () => x.dataSync(),
      () => tensor([1], { backend }),
    ])
      expect(use).toThrow(
        "[gpujs] the device must be there: expected a WebGL context, got one that was lost, with everything on it. Make a new one with await gpujs().",
      );
    await expect(x.data()).rejects.toThrow("one that was lost");
    expect(await backend.lost).toEqual({ reason: "the WebGL context was lost" });
    await backend.close();
  });
});
