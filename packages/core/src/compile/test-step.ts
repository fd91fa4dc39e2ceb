// A small training step that the tests of compiled functions share.

import { expect } from "vitest";
import { assign, noGrad, type Tensor, tensor } from "../index.js";

/** A weight, and a step that moves it down the gradient of (x · w - y)². */
export function regression(): { w: Tensor; lr: Tensor; step: (x: Tensor, y: Tensor) => Tensor } {
  const w = tensor([0.5, -1], { requiresGrad: true });
  const lr = tensor(0.1);
  const step = (x: Tensor, y: Tensor): Tensor => {
    w.grad = null;
    const loss = x.mul(w).sum(1).sub(y).square().mean();
    loss.backward();
    noGrad(() => assign(w, w.sub(lr.mul(w.grad as Tensor))));
    return loss;
  };
  return { w, lr, step };
}

export function batch(seed: number): [Tensor, Tensor] {
  const at = (i: number): number => Math.sin(seed * 7 + i);
  return [
    tensor([
      [at(1), at(2)],
      [at(3), at(4)],
      [at(5), at(6)],
    ]),
    tensor([at(7), at(8), at(9)]),
  ];
}

export function expectClose(got: Tensor, expected: Tensor): void {
  const values = [...expected.dataSync()];
  for (const [i, value] of [...got.dataSync()].entries())
    expect(value).toBeCloseTo(values[i] ?? 0, 6);
}

/** Options of functions that capture on purpose. */
export const quiet = { warn: () => {} };
