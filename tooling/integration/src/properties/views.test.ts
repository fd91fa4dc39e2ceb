// What an operation computes does not depend on the views its operand went through.

import { brokenBackends } from "@chainrule/conformance";
import {
  assign,
  type Backend,
  concat,
  interpreter,
  pad,
  stack,
  type Tensor,
  where,
} from "chainrule";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backends, ensureSame, runs, tensorOf } from "./both.js";
import { allKinds, type Chain, chainOnPlain, chainOnTensor, chains } from "./chains.js";
import {
  build,
  counting,
  flipped,
  gathered,
  joined,
  mapped,
  multiplied,
  type Plain,
  padded,
  reduced,
} from "./plain.js";
import { type Choose, choices, chooser } from "./shapes.js";

/** What comes after the views: the same twice; undefined for shapes it does not take. */
type Use = (
  shape: readonly number[],
  choose: Choose,
) => { onTensor(x: Tensor): Tensor; onPlain(x: Plain): Plain } | undefined;

const uses: Readonly<Record<string, Use>> = {
  read: () => ({ onTensor: (x) => x, onPlain: (x) => x }),
  copy: () => ({ onTensor: (x) => x.copy(), onPlain: (x) => x }),
  arithmetic: () => ({
    onTensor: (x) => x.mul(2).add(x.square()),
    onPlain: (x) => mapped((a) => 2 * a + a * a, x),
  }),
  "with itself reversed": (shape) => ({
    onTensor: (x) => x.mul(3).sub(x.flip()),
    onPlain: (x) =>
      mapped(
        (a, b) => 3 * a - b,
        x,
        flipped(
          x,
          shape.map((_, axis) => axis),
        ),
      ),
  }),
  where: () => ({
    onTensor: (x) => where(x.greater(7), x, -1),
    onPlain: (x) => mapped((a) => (a > 7 ? a : -1), x),
  }),
  sum: (shape, choose) => {
    const axes = shape.flatMap((_, axis) => (choose(2) === 1 ? [axis] : []));
    return {
      onTensor: (x) => x.sum(axes),
      onPlain: (x) => reduced(x, axes, false, (all) => all.reduce((sum, a) => sum + a, 0)),
    };
  },
  max: (shape, choose) => {
    if (shape.length === 0) return undefined;
    const axis = choose(shape.length);
    if (shape[axis] === 0) return undefined;
    return {
      onTensor: (x) => x.max(axis, { keepdims: true }),
      onPlain: (x) => reduced(x, [axis], true, (all) => Math.max(...all)),
    };
  },
  matmul: (shape, choose) => {
    const depth = shape.at(-1);
    if (depth === undefined) return undefined;
    const matrix = counting([depth, choose(4)]);
    return {
      onTensor: (x) => x.matmul(tensorOf(matrix, x.backend)),
      onPlain: (x) => multiplied(x, matrix),
    };
  },
  concat: (shape, choose) => {
    if (shape.length === 0) return undefined;
    const axis = choose(shape.length);
    return {
      onTensor: (x) => concat([x, x.flip(axis), x], axis),
      onPlain: (x) => joined([x, flipped(x, [axis]), x], axis),
    };
  },
  stack: () => ({
    onTensor: (x) => stack([x, x.neg()]),
    onPlain: (x) => ({ shape: [2, ...x.shape], data: [...x.data, ...x.data.map((a) => -a)] }),
  }),
  pad: (shape, choose) => {
    const widths = shape.map((): [number, number] => [choose(3), choose(3)]);
    return {
      onTensor: (x) => pad(x, widths, 9),
      onPlain: (x) => padded(x, widths, 9),
    };
  },
  gather: (shape, choose) => {
    if (shape.length === 0) return undefined;
    const axis = choose(shape.length);
    const n = shape[axis] ?? 0;
    const indices = build(
      shape.map((extent, d) => (d === axis ? choose(4) : extent)),
      () => choose(n + 2) - 1,
    );
    return {
      onTensor: (x) => x.gather(tensorOf(indices, x.backend, "int32"), axis),
      onPlain: (x) => gathered(x, indices, axis),
    };
  },
};

function ensureUse(backend: Backend, chain: Chain, use: string, numbers: readonly number[]): void {
  const made = uses[use]?.(chain.result, chooser(numbers));
  if (made === undefined) return;
  const x = counting(chain.shape);
  const view = chainOnTensor(chain, tensorOf(x, backend));
  ensureSame(made.onTensor(view), made.onPlain(chainOnPlain(chain, x)), use);
}

test.each(Object.keys(uses))("%s after a chain of views", (use) => {
  fc.assert(
    fc.property(chains(5), choices, (chain, numbers) => {
      for (const backend of backends) ensureUse(backend, chain, use, numbers);
    }),
    runs(120),
  );
});

test("views made before an assignment see the new elements", () => {
  // Reshape copies where no strides exist, so it is left out.
  const kinds = allKinds.filter((kind) => kind !== "reshape");
  fc.assert(
    fc.property(chains(5, kinds), (chain) => {
      for (const backend of backends) {
        const x = tensorOf(counting(chain.shape), backend);
        const view = chainOnTensor(chain, x);
        const next = mapped((a) => 100 - a, counting(chain.shape));
        assign(x, tensorOf(next, backend));
        ensureSame(view, chainOnPlain(chain, next));
      }
    }),
    runs(200),
  );
});

test("a fault is found and told in one line", () => {
  const { wrap } = brokenBackends.find(({ fault }) => fault.includes("reversed views")) ?? {};
  if (wrap === undefined) throw new Error("there is no such broken backend");
  const backend = wrap(interpreter());
  const found = fc.check(
    fc.property(chains(5), (chain) => ensureUse(backend, chain, "copy", [])),
    runs(120),
  );
  expect(fc.stringify(found.counterexample)).toMatch(/^\[\[2\]\.(flip|at)\([^()]*\)\]$/);
});
