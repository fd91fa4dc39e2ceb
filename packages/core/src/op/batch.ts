// Shared pieces of batch rules: how the extra leading axis of some operands meets the others.

import type { Tensor } from "../tensor/tensor.js";
import type { Input } from "./primitive.js";

/**
 * Operands whose own axes line up under broadcasting: a batched operand with fewer own axes than
 * another gets axes of extent 1 after its leading axis.
 */
export function alignBatch(inputs: readonly Input[], batched: readonly boolean[]): Input[] {
  const own = inputs.map((x, i) => (typeof x === "number" ? 0 : x.ndim - (batched[i] ? 1 : 0)));
  const ndim = Math.max(...own);
  return inputs.map((x, i) => {
    if (typeof x === "number" || batched[i] !== true) return x;
    const missing = ndim - (own[i] ?? 0);
    if (missing === 0) return x;
    return x.reshape([x.shape[0] ?? 1, ...new Array<number>(missing).fill(1), ...x.shape.slice(1)]);
  });
}

/** Operands that all have the leading axis: those without it repeat along it. */
export function spreadBatch(inputs: readonly Input[], batched: readonly boolean[]): Input[] {
  const leader = inputs.find((x, i): x is Tensor => batched[i] === true && typeof x === "object");
  const count = leader?.shape[0] ?? 1;
  return inputs.map((x, i) =>
    typeof x === "number" || batched[i] === true ? x : x.broadcastTo([count, ...x.shape]),
  );
}
