// Reductions over any axes of arrays lying in memory in any way.

import { type DType, ShapeError, type Tensor } from "chainrule";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backends, ensureSame, runs, tensorOf } from "./both.js";
import { chainOnPlain, chainOnTensor, chains } from "./chains.js";
import { counting, mapped, reduced } from "./plain.js";
import { choices, chooser } from "./shapes.js";

interface Options {
  readonly keepdims: boolean;
}

interface Reduction {
  readonly dtype: DType;
  readonly result: DType;
  /** Whether nothing has no result. */
  readonly refusesNothing?: boolean;
  run(x: Tensor, axes: number[] | undefined, options: Options): Tensor;
  plain(elements: readonly number[]): number;
}

const total = (elements: readonly number[]): number => elements.reduce((sum, x) => sum + x, 0);

const reductions: Readonly<Record<string, Reduction>> = {
  sum: {
    dtype: "float32",
    result: "float32",
    run: (x, axes, options) => x.sum(axes, options),
    plain: total,
  },
  "sum of bool": {
    dtype: "bool",
    result: "int32",
    run: (x, axes, options) => x.sum(axes, options),
    plain: total,
  },
  "prod of int32, which wraps": {
    dtype: "int32",
    result: "int32",
    run: (x, axes, options) => x.prod(axes, options),
    plain: (elements) => elements.reduce((product, x) => Math.imul(product, x), 1),
  },
  mean: {
    dtype: "float64",
    result: "float64",
    run: (x, axes, options) => x.mean(axes, options),
    plain: (elements) => total(elements) / elements.length,
  },
  max: {
    dtype: "float32",
    result: "float32",
    refusesNothing: true,
    run: (x, axes, options) => x.max(axes, options),
    plain: (elements) => Math.max(...elements),
  },
  "min of uint8": {
    dtype: "uint8",
    result: "uint8",
    refusesNothing: true,
    run: (x, axes, options) => x.min(axes, options),
    plain: (elements) => Math.min(...elements),
  },
  any: {
    dtype: "int32",
    result: "bool",
    run: (x, axes, options) => x.any(axes, options),
    plain: (elements) => Number(elements.some((x) => x !== 0)),
  },
  all: {
    dtype: "float32",
    result: "bool",
    run: (x, axes, options) => x.all(axes, options),
    plain: (elements) => Number(elements.every((x) => x !== 0)),
  },
};

/** Integers with ties and zeros; for uint8 and bool only what they hold. */
function element(i: number, dtype: DType): number {
  if (dtype === "bool") return i % 3 === 0 ? 0 : 1;
  return dtype === "uint8" ? (i * 7) % 11 : ((i * 7) % 11) - 4;
}

test.each(Object.entries(reductions))("%s", (_, { dtype, result, refusesNothing, run, plain }) => {
  fc.assert(
    fc.property(chains(3), choices, fc.boolean(), (chain, numbers, keepdims) => {
      const x = mapped((i) => element(i, dtype), counting(chain.shape));
      const viewed = chainOnPlain(chain, x);
      const choose = chooser(numbers);
      const ndim = viewed.shape.length;
      const whole = viewed.shape.map((_, axis) => axis);
      const chosen = choose(4) === 0 ? undefined : whole.filter(() => choose(2) === 1);
      const axes = chosen ?? whole;
      // Some are named from the end, and in descending order.
      const asked = chosen?.map((axis) => axis - choose(2) * ndim).reverse();
      const isNothing = axes.some((axis) => viewed.shape[axis] === 0);
      for (const backend of backends) {
        const view = chainOnTensor(chain, tensorOf(x, backend, dtype));
        const reduce = (): Tensor => run(view, asked, { keepdims });
        if (refusesNothing === true && isNothing) {
          expect(reduce).toThrow(ShapeError);
          continue;
        }
        const got = reduce();
        expect(got.dtype).toBe(result);
        ensureSame(got, reduced(viewed, axes, keepdims, plain));
      }
    }),
    runs(100),
  );
});

test.each(["argmax", "argmin"] as const)("%s gives the first position", (name) => {
  fc.assert(
    fc.property(chains(3), choices, fc.boolean(), (chain, numbers, withNaN) => {
      const nan = withNaN ? 3 : -1;
      const x = mapped((i) => (i % 5 === nan ? Number.NaN : (i * 7) % 4), counting(chain.shape));
      const viewed = chainOnPlain(chain, x);
      const choose = chooser(numbers);
      const axis = [undefined, ...viewed.shape.keys()][choose(viewed.shape.length + 1)];
      const axes = axis === undefined ? viewed.shape.map((_, d) => d) : [axis];
      const isNothing = axes.some((d) => viewed.shape[d] === 0);
      for (const backend of backends) {
        const view = chainOnTensor(chain, tensorOf(x, backend));
        if (isNothing) {
          expect(() => view[name](axis)).toThrow(ShapeError);
          continue;
        }
        const expected = reduced(viewed, axes, false, (elements) => {
          const nanAt = elements.findIndex(Number.isNaN);
          const best = name === "argmax" ? Math.max(...elements) : Math.min(...elements);
          return nanAt >= 0 ? nanAt : elements.indexOf(best);
        });
        const got = view[name](axis);
        expect(got.dtype).toBe("int32");
        ensureSame(got, expected);
      }
    }),
    runs(200),
  );
});
