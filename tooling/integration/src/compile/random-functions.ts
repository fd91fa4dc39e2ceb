// Small functions made of numbers: what a user may do with tensors in any order, for a property test.
// The same numbers make the same function, whatever the elements are.

import {
  argsort,
  assign,
  bernoulli,
  broadcastTo,
  clip,
  concat,
  cumulativeSum,
  grad,
  greater,
  matmul,
  maximum,
  noGrad,
  rand,
  randn,
  stack,
  type Tensor,
  take,
  tensor,
  where,
} from "chainrule";

/** An operation and what it is applied to, as numbers. */
export type Step = readonly [kind: number, a: number, b: number, c: number];

/** What a function uses besides its arguments. */
export interface World {
  /** Requires a gradient. */
  readonly weights: readonly Tensor[];
  readonly captured: readonly Tensor[];
}

/** All a function is: its steps, and which tensors it returns. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly returned: readonly number[];
}

interface Scene extends World {
  /** All tensors there are, the latest last. */
  readonly pool: Tensor[];
  readonly args: readonly Tensor[];
}

type Action = (scene: Scene, a: Tensor, b: number, c: number) => Tensor | undefined;

const pick = <T>(items: readonly T[], i: number): T => items[i % items.length] as T;
const bounded = (x: Tensor): Tensor => clip(x, -8, 8);
/** `x` cut or repeated to the shape of `like`. */
const fitted = (x: Tensor, like: Tensor): Tensor =>
  broadcastTo(x.flatten().at(0), like.shape).add(x.sum().mul(0.25)).tanh();

function compatible(a: Tensor, b: Tensor): boolean {
  const [s, t] = [[...a.shape].reverse(), [...b.shape].reverse()];
  return s.every((n, i) => n === 1 || (t[i] ?? 1) === 1 || n === t[i]);
}

/** The two operands, the second one fitted if it must be. */
function pair({ pool }: Scene, a: Tensor, b: number): [Tensor, Tensor] {
  const other = pick(pool, b);
  return [a, compatible(a, other) ? other : fitted(other, a)];
}

function backwardFrom(a: Tensor): void {
  if (a.requiresGrad) bounded(a).sum().backward();
}

/** The kinds of steps. */
export const actions: Readonly<Record<string, Action>> = {
  neg: (_, a) => a.neg(),
  tanh: (_, a) => a.tanh(),
  square: (_, a) => bounded(a).square(),
  scale: (_, a, b) => a.mul((b % 5) - 2),
  abs: (_, a) => a.abs(),
  add: (scene, a, b) => {
    const [x, y] = pair(scene, a, b);
    return x.add(y);
  },
  mul: (scene, a, b) => {
    const [x, y] = pair(scene, a, b);
    return bounded(x).mul(bounded(y));
  },
  maximum: (scene, a, b) => {
    const [x, y] = pair(scene, a, b);
    return maximum(x, y);
  },
  where: (scene, a, b) => {
    const [x, y] = pair(scene, a, b);
    return where(greater(x, 0.33), x, y);
  },
  transpose: (_, a) => a.T,
  flip: (_, a, b) => (a.ndim === 0 ? a.flip() : a.flip(b % a.ndim)),
  at: (_, a, b) => (a.ndim === 0 ? undefined : a.at(b % (a.shape[0] ?? 1))),
  slice: (_, a, b) => (a.ndim === 0 ? undefined : a.at(pick(["1:", ":-1", "::2", "::-1"], b))),
  flatten: (_, a) => a.flatten(),
  expand: (_, a) => (a.ndim > 3 ? undefined : a.reshape([...a.shape, 1])),
  broadcast: (_, a) => (a.ndim > 2 ? undefined : broadcastTo(a, [2, ...a.shape])),
  sum: (_, a, b, c) =>
    a.ndim === 0 ? a.sum() : a.sum(b % a.ndim, { keepdims: c % 2 === 0 } as never),
  mean: (_, a) => (a.size === 0 ? undefined : a.mean()),
  max: (_, a) => (a.size === 0 ? undefined : a.max()),
  softmax: (_, a) => (a.ndim === 0 || a.size === 0 ? undefined : a.softmax(-1)),
  take: (_, a, b) =>
    a.ndim === 0 || a.shape[0] === 0
      ? undefined
      : take(a, tensor([b % (a.shape[0] ?? 1), 0], { dtype: "int32" }), 0),
  sorted: (_, a) => (a.ndim === 0 || a.size === 0 ? undefined : argsort(a).astype("float32")),
  cumulative: (_, a) => (a.ndim === 0 ? undefined : cumulativeSum(a, 0)),
  stack: (_, a) => (a.ndim > 2 ? undefined : stack([a, a.neg()])),
  concat: (_, a) => (a.ndim === 0 ? undefined : concat([a, a.mul(2)])),
  matmul: (_, a) => (a.ndim === 2 ? matmul(a, a.T) : undefined),
  int: (_, a) => bounded(a.mul(3)).astype("int32").astype("float32"),
  copy: (_, a) => a.copy(),
  detach: (_, a) => a.detach(),
  rand: (_, a) => rand(a.shape),
  randn: (_, a) => randn(a.shape),
  masked: (_, a) => a.mul(bernoulli(0.5, a.shape).astype("float32")),
  noGrad: (_, a) => noGrad(() => a.mul(2).sub(1)),
  gradInside: (_, a) => grad((y: Tensor) => y.tanh().sum())(a),
  secondInside: (_, a) =>
    grad((y: Tensor) => grad((z: Tensor) => z.tanh().square().sum())(y).sum())(a),
  readCaptured: ({ captured }, _, b) => pick(captured, b),
  readWeight: ({ weights }, _, b) => pick(weights, b),
  readArgument: ({ args }, _, b) => pick(args, b),
  // State
  assignCaptured: ({ captured }, a, b) => {
    const target = pick(captured, b);
    noGrad(() => assign(target, fitted(a, target)));
    return undefined;
  },
  shareCaptured: ({ captured, pool }, _, b, c) => {
    const target = pick(captured, b);
    const source = pick(
      pool.filter((x) => `${x.shape}` === `${target.shape}`),
      c,
    );
    if (source !== undefined) noGrad(() => assign(target, source));
    return undefined;
  },
  assignWeight: ({ weights }, a, b) => {
    const target = pick(weights, b);
    noGrad(() => assign(target, fitted(a, target)));
    return undefined;
  },
  assignArgument: ({ args }, a, b) => {
    const target = pick(args, b);
    noGrad(() => assign(target, fitted(a, target)));
    return undefined;
  },
  // Gradients
  backward: (_, a) => {
    backwardFrom(a);
    return undefined;
  },
  loss: ({ weights, args }, a, b) => {
    backwardFrom(fitted(a, pick(weights, b)).mul(pick(weights, b)).add(pick(args, b).sum()));
    return undefined;
  },
  gradient: ({ weights }, _, b) => pick(weights, b).grad ?? undefined,
  gradientOfArgument: ({ args }, _, b) => pick(args, b).grad ?? undefined,
  clear: ({ weights }, _, b) => {
    pick(weights, b).grad = null;
    return undefined;
  },
  setGradient: ({ weights }, a, b) => {
    const weight = pick(weights, b);
    weight.grad = fitted(a, weight).detach();
    return undefined;
  },
  update: ({ weights }, _, b) => {
    const weight = pick(weights, b);
    const { grad: slope } = weight;
    if (slope !== null) noGrad(() => assign(weight, weight.sub(bounded(slope).mul(0.1))));
    return undefined;
  },
  scaleGradient: ({ weights }, _, b) => {
    const weight = pick(weights, b);
    const { grad: slope } = weight;
    if (slope !== null) noGrad(() => assign(slope, bounded(slope).mul(0.5)));
    return undefined;
  },
};

const table = Object.entries(actions);

/** The names of the steps of `plan`, for people. */
export function describePlan({ steps, returned }: Plan): string {
  const lines = steps.map(([kind, a, b, c]) => `${pick(table, kind)[0]}(${a}, ${b}, ${c})`);
  return [...lines, `return [${returned}]`].join("\n");
}

/** The function of `plan` in `world`. */
export function functionOf(plan: Plan, world: World): (...args: readonly Tensor[]) => Tensor[] {
  return (...args) => {
    const pool = [...args, ...world.captured, ...world.weights];
    const scene: Scene = { ...world, args, pool };
    for (const [kind, a, b, c] of plan.steps) {
      const made = pick(table, kind)[1](
        scene,
        pick(pool, pool.length - 1 - (a % pool.length)),
        b,
        c,
      );
      if (made !== undefined && made.size <= 64) pool.push(made);
    }
    return plan.returned.map((i) => pick(pool, pool.length - 1 - (i % pool.length)));
  };
}
