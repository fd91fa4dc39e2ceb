// Products of matrices large enough for the fast ways, lying in memory in any way, and their gradients.

import type { Backend, Tensor } from "chainrule";
import fc from "fast-check";
import { test } from "vitest";
import { backends, ensureSame, runs, tensorOf } from "./both.js";
import { counting, mapped, multiplied, type Plain, permuted } from "./plain.js";

/** How a matrix lies in memory. */
const arrangements = {
  "in order": (x: Tensor) => x,
  transposed: (x: Tensor) => x.T.copy().T,
  reversed: (x: Tensor) => x.flip().copy().flip(),
  spaced: (x: Tensor) =>
    x
      .expandDims(-1)
      .broadcastTo([...x.shape, 2])
      .copy()
      .at("...", 1),
};
type Arrangement = keyof typeof arrangements;

const extent = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(0, 1, 2, 3));
const arrangement = fc.constantFrom(...(Object.keys(arrangements) as Arrangement[]));
/** The axes in front of the matrices on the left and on the right. */
const batches = fc.constantFrom<readonly [number[], number[]]>(
  [[], []],
  [[2], []],
  [[], [3]],
  [[2], [2]],
  [[2, 1], [3]],
);
const problems = fc.record({
  m: fc.option(extent),
  k: extent,
  n: fc.option(extent),
  batches,
  left: arrangement,
  right: arrangement,
});

/** Small integers of both signs, so that sums of products are exact in float32. */
function factors(shape: readonly number[], seed: number): Plain {
  return mapped((i) => ((i * 7 + seed * i * i) % 11) - 5, counting(shape));
}

function lying(x: Plain, how: Arrangement, backend: Backend): Tensor {
  return arrangements[how](tensorOf(x, backend));
}

test("products of matrices and vectors", () => {
  fc.assert(
    fc.property(problems, ({ m, k, n, batches: [before, beside], left, right }) => {
      // Without m or n that side is a vector.
      const a = factors(m === null ? [k] : [...before, m, k], 1);
      const b = factors(n === null ? [k] : [...beside, k, n], 2);
      const expected = multiplied(a, b);
      for (const backend of backends) {
        ensureSame(lying(a, left, backend).matmul(lying(b, right, backend)), expected);
      }
    }),
    runs(150),
  );
});

test("the gradient of a product is a product with the other matrix transposed", () => {
  fc.assert(
    fc.property(extent, extent, extent, arrangement, arrangement, (m, k, n, left, right) => {
      const [a, b, w] = [factors([m, k], 1), factors([k, n], 2), factors([m, n], 3)];
      for (const backend of backends) {
        const [x, y] = [lying(a, left, backend), lying(b, right, backend)];
        for (const leaf of [x, y]) leaf.requiresGrad = true;
        x.matmul(y).mul(tensorOf(w, backend)).sum().backward();
        ensureSame(x.grad as Tensor, multiplied(w, permuted(b, [1, 0])), "left gradient");
        ensureSame(y.grad as Tensor, multiplied(permuted(a, [1, 0]), w), "right gradient");
      }
    }),
    runs(60),
  );
});
