// Two and three operands of any shapes and dtypes, lying in memory in any order.

import { type DType, DTypeError, ShapeError, type Tensor, where } from "chainrule";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backends, ensureSame, runs, tensorOf } from "./both.js";
import { broadcastShape, counting, mapped, type Plain, permuted } from "./plain.js";
import { operands, shapes } from "./shapes.js";

/** From the lowest to the highest; of two operands the higher wins. */
const dtypes = ["bool", "uint8", "int32", "float32", "float64"] as const;

/** What of `x` a dtype holds; so the sum of two bools is whether either is true. */
function stored(x: number, dtype: DType): number {
  if (dtype === "bool") return x === 0 ? 0 : 1;
  if (dtype === "uint8") return x & 255;
  return x;
}

/** Elements for operand `o`: small integers, beyond 127 in places. */
function elements(shape: readonly number[], o: number, dtype: DType): Plain {
  return mapped((i) => stored((i * 37 + o * 11) % 150, dtype), counting(shape));
}

/** `x` as a tensor whose axes lie in memory in the opposite order. */
function backwards(x: Plain, backend: (typeof backends)[number], dtype: DType): Tensor {
  const axes = x.shape.map((_, axis) => axis).reverse();
  return tensorOf(permuted(x, axes), backend, dtype).permuteDims(axes);
}

const binary: Readonly<
  Record<string, { tensor(a: Tensor, b: Tensor): Tensor; plain(a: number, b: number): number }>
> = {
  add: { tensor: (a, b) => a.add(b), plain: (a, b) => a + b },
  sub: { tensor: (a, b) => a.sub(b), plain: (a, b) => a - b },
  mul: { tensor: (a, b) => a.mul(b), plain: (a, b) => a * b },
  maximum: { tensor: (a, b) => a.maximum(b), plain: (a, b) => Math.max(a, b) },
};
const comparisons: typeof binary = {
  less: { tensor: (a, b) => a.less(b), plain: (a, b) => Number(a < b) },
  equal: { tensor: (a, b) => a.equal(b), plain: (a, b) => Number(a === b) },
};
const anyDType = fc.constantFrom(...dtypes);

test.each(Object.entries({ ...binary, ...comparisons }))(
  "%s of two operands of any dtypes",
  (name, { tensor, plain }) => {
    fc.assert(
      fc.property(operands(2), anyDType, anyDType, ({ shapes: [a, b] }, left, right) => {
        const x = elements(a ?? [], 0, left);
        const y = elements(b ?? [], 1, right);
        const common = dtypes[Math.max(dtypes.indexOf(left), dtypes.indexOf(right))] ?? "bool";
        for (const backend of backends) {
          const run = (): Tensor =>
            tensor(tensorOf(x, backend, left), backwards(y, backend, right));
          if (common === "bool" && name === "sub") {
            expect(run).toThrow(DTypeError);
            continue;
          }
          const result = run();
          expect(result.dtype).toBe(name in comparisons ? "bool" : common);
          ensureSame(
            result,
            mapped((p, q) => stored(plain(p, q), common), x, y),
          );
        }
      }),
      runs(150),
    );
  },
);

test("where of three operands of any dtypes", () => {
  fc.assert(
    fc.property(operands(3), anyDType, anyDType, ({ shapes: [c, a, b] }, left, right) => {
      const condition = mapped((i) => i % 2, counting(c ?? []));
      const x = elements(a ?? [], 0, left);
      const y = elements(b ?? [], 1, right);
      for (const backend of backends) {
        const result = where(
          tensorOf(condition, backend, "bool"),
          backwards(x, backend, left),
          tensorOf(y, backend, right),
        );
        ensureSame(
          result,
          mapped((p, q, r) => (p === 1 ? q : r), condition, x, y),
        );
      }
    }),
    runs(150),
  );
});

test("shapes that do not fit are refused, all others are taken", () => {
  fc.assert(
    fc.property(shapes(3), shapes(3), (a, b) => {
      for (const backend of backends) {
        const run = (): Tensor =>
          tensorOf(counting(a), backend).add(tensorOf(counting(b), backend));
        const shape = broadcastShape([a, b]);
        if (shape === undefined) expect(run).toThrow(ShapeError);
        else expect(run().shape).toEqual(shape);
      }
    }),
    runs(150),
  );
});
