// Random geometries on small whole numbers, whose sums are exact in any order: the products here must
// equal the plain loops of the interpreter to the last bit.

import {
  type Backend,
  conv,
  fold,
  Generator,
  maxPool,
  randint,
  type Tensor,
  unfold,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, it } from "vitest";
import { js } from "../backend.js";

const random = new Generator(5);

/** A whole number from `low` to `high`. */
function pick(low: number, high: number): number {
  return Number(randint(low, high + 1, [], { backend: plain, generator: random }).itemSync());
}

const plain = interpreter();
const fast = js();

interface Geometry {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

interface Trial {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly options: Geometry;
}

function trial(rank: number): Trial {
  const axes = Array.from({ length: rank });
  const taps = axes.map(() => pick(1, 3));
  const options: Geometry = {
    stride: axes.map(() => pick(1, 3)),
    padding: axes.map(() => pick(0, 2)),
    dilation: axes.map(() => pick(1, 2)),
    groups: pick(1, 3),
  };
  const inChannels = pick(1, 3);
  const extents = taps.map((n, d) => (n - 1) * (options.dilation[d] ?? 1) + pick(1, 5));
  return {
    x: [pick(1, 3), inChannels * options.groups, ...extents],
    weight: [pick(1, 3) * options.groups, inChannels, ...taps],
    options,
  };
}

/** Small whole numbers, lying in memory in one of three ways. */
function operand(shape: readonly number[], seed: number, way: number, backend: Backend): Tensor {
  const generator = new Generator(seed);
  const make = (extents: readonly number[]): Tensor =>
    randint(-4, 5, extents, { backend, generator }).astype("float32");
  if (way === 1) return make(shape.toReversed()).T;
  return way === 2 ? make(shape).flip() : make(shape);
}

/** Values and gradients of `fn` on operands of these shapes. */
function results(
  fn: (x: Tensor, weight: Tensor) => Tensor,
  shapes: readonly (readonly number[])[],
  seed: number,
  backend: Backend,
): unknown[] {
  const operands = shapes.map((shape, i) => {
    const leaf = operand(shape, seed + i, (seed + i) % 3, backend).detach();
    leaf.requiresGrad = true;
    return leaf;
  });
  const [x, weight] = operands as [Tensor, Tensor];
  const y = fn(x, weight);
  y.backward({ gradient: operand(y.shape, seed + 7, seed % 3, backend) });
  return [y, ...operands.map(({ grad }) => grad)].map((each) => each?.detach().arraySync());
}

describe("convolutions", () => {
  it.each([1, 2, 3])("over %i axes equal plain loops, in all three directions", (rank) => {
    for (let seed = 0; seed < 25; seed++) {
      const { x, weight, options } = trial(rank);
      const run = (a: Tensor, b: Tensor): Tensor => conv(a, b, options);
      const title = JSON.stringify({ x, weight, options });
      const wanted = results(run, [x, weight], seed, plain);
      expect(results(run, [x, weight], seed, fast), title).toEqual(wanted);
    }
  });
});

describe("windows that overlap", () => {
  it("add up as plain loops do", () => {
    for (let seed = 0; seed < 25; seed++) {
      const options = { stride: pick(1, 3), padding: pick(0, 1), dilation: pick(1, 2) };
      const extents = [pick(4, 7), pick(4, 7)];
      const through = (x: Tensor): Tensor => fold(unfold(x, 2, options), extents, 2, options);
      const shape = [2, 2, ...extents];
      expect(results(through, [shape], seed, fast)).toEqual(results(through, [shape], seed, plain));
      const pooled = (x: Tensor): Tensor => maxPool(x, 3, { stride: 2, padding: 1 });
      expect(results(pooled, [shape], seed, fast)).toEqual(results(pooled, [shape], seed, plain));
    }
  });
});
