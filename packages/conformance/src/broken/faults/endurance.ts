// Faults that come out only when much is done in a row, as in training.

import type { Backend } from "@chainrule/core";
import { type BufferHandle, type DType, newArray } from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { broken } from "../wrap.js";

export const enduranceFaults: readonly BrokenBackend[] = [
  {
    fault: "forgets an array once 2,000 others were made after it",
    caughtBy: [
      "same seed, training > float32 > XOR by an MLP, SGD",
      "training MLP > float32 > crossEntropy > Adam lr 0.02 > losses of 50 steps",
    ],
    wrap: forgetful,
  },
];

/** As memory does that is handed out in a ring, whoever still needs it. */
function forgetful(good: Backend): Backend {
  const kept = new Map<BufferHandle, { born: number; length: number; dtype: DType }>();
  let count = 0;
  const remember = (handle: BufferHandle, length: number, dtype: DType): BufferHandle => {
    count += 1;
    kept.set(handle, { born: count, length, dtype });
    for (const [old, { born, length, dtype }] of kept) {
      if (born > count - 2000) break;
      kept.delete(old);
      good.write(old, 0, newArray(dtype, length));
    }
    return handle;
  };
  const whole = broken(good, {});
  return broken(good, {
    allocate: (length, dtype) => remember(whole.allocate(length, dtype), length, dtype),
    upload: (data, dtype) => remember(whole.upload(data, dtype), data.length, dtype),
    free: (handle) => {
      kept.delete(handle);
      good.free(handle);
    },
  });
}
