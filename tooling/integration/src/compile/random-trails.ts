// What a random function leaves behind in three calls, and where two of these differ.

import { compile, manualSeed, type Tensor, tensor } from "chainrule";
import { numbersIn } from "./beside.js";
import { functionOf, type Plan, type World } from "./random-functions.js";

const wave = (seed: number, shape: readonly number[]): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) =>
      Math.sin(seed * 13 + i * 1.7),
    ),
    { shape },
  );

function newWorld(): World {
  const weights = [wave(1, [2, 3]), wave(2, [3])];
  for (const weight of weights) weight.requiresGrad = true;
  return { weights, captured: [wave(3, [2, 3]), wave(4, [3])] };
}

/** Ways in which two arguments are given, for call number `i`. */
export const ways: Readonly<Record<string, (i: number, world: World) => Tensor[]>> = {
  "of their own": (i) => [wave(10 + i, [2, 3]), wave(20 + i, [3])],
  "the same twice": (i) => {
    const x = wave(10 + i, [2, 3]);
    return [x, x];
  },
  "overlapping views": (i) => {
    const all = wave(10 + i, [4, 3]);
    return [all.at("0:2"), all.at("1:3")];
  },
  "views in another order": (i) => [wave(10 + i, [3, 2]).T, wave(20 + i, [6]).at("4::-2")],
  "what is captured too": (_, { captured }) => [...captured],
  "views of what is captured": (_, { captured: [a, b] }) => [
    (a as Tensor).flip(0),
    (b as Tensor).at("::1"),
  ],
  "a weight and a part of it": (_, { weights: [w] }) => [w as Tensor, (w as Tensor).detach().at(1)],
  "with a gradient": (i) =>
    [wave(10 + i, [2, 3]), wave(20 + i, [3])].map((x) => {
      x.requiresGrad = true;
      return x;
    }),
  "computed, with a gradient": (i, { weights: [w, v] }) => [
    (w as Tensor).mul(i + 1),
    (v as Tensor).neg(),
  ],
};

/** The ways in which what is written may have a second name, which compiled functions refuse. */
const aliasing: readonly string[] = [
  "the same twice",
  "overlapping views",
  "what is captured too",
  "views of what is captured",
  "a weight and a part of it",
];

/** What is seen of a run: numbers after each call, and what ended it early. */
export interface Trail {
  readonly rows: number[][];
  /** Gradients that flow from results, to the weights. */
  readonly slopes: number[];
  readonly error: string | undefined;
}

/** Calls the function of `plan` three times from an equal start. */
export function follow(plan: Plan, way: string, wrap: boolean): Trail {
  manualSeed(5);
  const world = newWorld();
  const fn = functionOf(plan, world);
  const called = wrap ? compile(fn, { warn: () => {} }) : fn;
  const rows: number[][] = [];
  const all: Tensor[][] = [];
  for (let i = 0; i < 3; i++) {
    const args = ways[way]?.(i, world) ?? [];
    try {
      all.push(called(...args));
    } catch (error) {
      return { rows, slopes: [], error: (error as Error).message };
    }
    const results = all.at(-1) as Tensor[];
    rows.push(numbersIn([results, args, world.weights, world.captured]));
    rows.push(numbersIn([...world.weights, ...args].map((x) => (x.isLeaf ? x.grad : null))));
  }
  // Earlier results are what they were, or see what was written.
  rows.push(numbersIn(all));
  return { rows, ...gradientsFrom(all.at(-1) ?? [], world) };
}

/** The gradients of the weights from the first of `results` that still has any to give. */
function gradientsFrom(
  results: readonly Tensor[],
  { weights }: World,
): Pick<Trail, "slopes" | "error"> {
  for (const result of results) {
    if (!result.requiresGrad || result.isLeaf) continue;
    for (const weight of weights) weight.grad = null;
    try {
      result.sum().backward();
      return { slopes: numbersIn(weights.map((w) => w.grad)), error: undefined };
    } catch (error) {
      // The graph was walked inside, or what it needs was written to: compiled, it is not there.
      if (/graph can be walked once|must be unchanged/.test((error as Error).message)) continue;
      return { slopes: [], error: (error as Error).message };
    }
  }
  return { slopes: [], error: undefined };
}

/** Where `b`, the compiled run, differs from `a`; compiled functions may refuse what their page says. */
export function differenceOf(way: string, a: Trail, b: Trail): string | undefined {
  const refusals = aliasing.includes(way)
    ? /must end inside|one derivative can|must have one name/
    : /must end inside|one derivative can/;
  if (refusals.test(b.error ?? "")) return undefined;
  for (const [row, expected] of [...a.rows, a.slopes].entries()) {
    const got = [...b.rows, b.slopes][row];
    if (got === undefined) return `error: ${b.error}`;
    // A few roundings of float32, which fused kernels leave out, through up to nine steps.
    const scale = 1 + Math.max(0, ...expected.filter(Number.isFinite).map(Math.abs));
    const same =
      got.length === expected.length &&
      expected.every(
        (x, i) => Object.is(x, got[i]) || Math.abs(x - (got[i] as number)) <= 1e-5 * scale,
      );
    if (!same) return `row ${row}: expected ${expected}\n got ${got}`;
  }
  if ((a.error === undefined) !== (b.error === undefined)) return `errors: ${a.error} / ${b.error}`;
  return undefined;
}
