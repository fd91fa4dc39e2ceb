// Gradients go back through views, broadcasting and reductions to the elements they came from.

import type { Backend, Tensor } from "chainrule";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backends, ensureSame, runs, tensorOf } from "./both.js";
import { chainOnPlain, chainOnTensor, chains } from "./chains.js";
import {
  broadcast,
  build,
  counting,
  elementAt,
  indicesOf,
  mapped,
  type Plain,
  sourceIndex,
} from "./plain.js";
import { operands } from "./shapes.js";

/** Small integers of both signs, so that sums of products are exact. */
function weights(shape: readonly number[]): Plain {
  return mapped((i) => ((i * 7) % 11) - 5, counting(shape));
}

/** A leaf with these elements that wants a gradient. */
function leaf(x: Plain, backend: Backend): Tensor {
  const made = tensorOf(x, backend, "float64");
  made.requiresGrad = true;
  return made;
}

function ensureGradient(x: Tensor, expected: Plain, what: string): void {
  if (x.grad === null) throw new Error(`${what} has no gradient`);
  ensureSame(x.grad, expected, `gradient of ${what}`);
}

test("through a chain of views every element gets what its appearances get", () => {
  fc.assert(
    fc.property(chains(5), (chain) => {
      const x = weights(chain.shape);
      const w = mapped((i) => (i % 5) - 2, counting(chain.result));
      // Views of the positions say where each element of the result comes from.
      const sources = chainOnPlain(chain, counting(chain.shape));
      const viewed = chainOnPlain(chain, x);
      const slopes = new Array<number>(x.data.length).fill(0);
      for (const [i, source] of sources.data.entries()) {
        slopes[source] = (slopes[source] ?? 0) + 2 * (w.data[i] ?? 0) * (viewed.data[i] ?? 0);
      }
      for (const backend of backends) {
        const [own, weight] = [leaf(x, backend), leaf(w, backend)];
        chainOnTensor(chain, own).square().mul(weight).sum().backward();
        ensureGradient(own, { shape: chain.shape, data: slopes }, "the viewed");
        ensureGradient(
          weight,
          mapped((a) => a * a, viewed),
          "the weights",
        );
      }
    }),
    runs(200),
  );
});

test("gradients of gradients go through a chain of views twice", () => {
  fc.assert(
    fc.property(chains(4), (chain) => {
      const x = weights(chain.shape);
      const sources = chainOnPlain(chain, counting(chain.shape));
      // Σ x³ over the views: the second derivative along ones is 6 x for each appearance.
      const appearances = new Array<number>(x.data.length).fill(0);
      for (const source of sources.data) appearances[source] = (appearances[source] ?? 0) + 1;
      const expected = x.data.map((a, i) => 6 * a * (appearances[i] ?? 0));
      for (const backend of backends) {
        const own = leaf(x, backend);
        const view = chainOnTensor(chain, own);
        view.mul(view).mul(view).sum().backward({ createGraph: true });
        const slope = own.grad as Tensor;
        own.grad = null;
        slope.sum().backward();
        ensureGradient(own, { shape: chain.shape, data: expected }, "the gradient");
      }
    }),
    runs(100),
  );
});

test("of operands that broadcast sum over what was repeated", () => {
  fc.assert(
    fc.property(operands(3), ({ shape, shapes }) => {
      const plain = shapes.map(weights);
      const w = weights(shape);
      for (const backend of backends) {
        const leaves = plain.map((x) => leaf(x, backend));
        const product = leaves.reduce((all, x) => all.mul(x));
        product
          .mul(tensorOf(w, backend, "float64"))
          .sum()
          .backward();
        for (const [o, x] of leaves.entries()) {
          const others = [...plain.filter((_, p) => p !== o), w];
          const slopes = mapped((...all) => all.reduce((a, b) => a * b), ...others);
          const own = shapes[o] ?? [];
          ensureGradient(x, landed(broadcast(slopes, shape), own), `operand ${o}`);
        }
      }
    }),
    runs(150),
  );
});

/** The sums of what lands on each element of an array of `shape` when it is repeated. */
function landed(whole: Plain, shape: readonly number[]): Plain {
  const sums = new Map<string, number>();
  for (const index of indicesOf(whole.shape)) {
    const key = `${sourceIndex(shape, index)}`;
    sums.set(key, (sums.get(key) ?? 0) + elementAt(whole, index));
  }
  return build(shape, (index) => sums.get(`${index}`) ?? 0);
}

test("the tests know small gradients", () => {
  const whole = counting([2, 3]);
  expect(landed(whole, [3])).toEqual({ shape: [3], data: [3, 5, 7] });
  expect(landed(whole, [2, 1])).toEqual({ shape: [2, 1], data: [3, 12] });
});
