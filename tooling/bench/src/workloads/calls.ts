// What one operation costs when there is nothing to compute: eager calls on 1-element tensors,
// without gradients.

import { type js, noGrad, tensor } from "chainrule";
import type { Rival } from "../rounds.js";

/** Single operations on tensors of shape [1]. */
export function calls(backend: ReturnType<typeof js>): Rival[] {
  const a = tensor([1.5], { backend });
  const b = tensor([2.5], { backend });
  const once = {
    add: () => a.add(b),
    "mul by a number": () => a.mul(0.5),
    relu: () => a.relu(),
    sum: () => a.sum(),
    reshape: () => a.reshape([1, 1]),
  };
  return Object.entries(once).map(([name, call]) => ({
    name,
    run: (times) =>
      noGrad(() => {
        for (let i = 0; i < times; i++) call();
      }),
  }));
}
